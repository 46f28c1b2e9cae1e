import { clippedLayers, projectedLayers, whitenedLayers } from '../../../../shared/architecture'
import type { Clipping, Projection, WhiteningSettings } from '../../../../shared/configuration'
import type { Tensor } from '../../../../shared/ops/graph'
import { type KernelOperator, kernelOperator } from '../kernel-operator'
import type { Slot } from '../layout'
import { clipKernel, projectKernel, type Repaired, whitenKernel } from '../procrustes'
import type { GraphContext } from './context'
import { kernelSlots, STRETCH, stretch } from './kernel-slots'

export interface RepairOptions {
  readonly projection?: Pick<Projection, 'layers' | 'method'>
  readonly whitening?: Pick<WhiteningSettings, 'layers'>
  readonly clip?: Pick<Clipping, 'layers' | 'interval'>
}

/** Projects the chosen kernels; whitens the dense ones; clips singular values. The value is the rank found for each; see `Repaired`. */
export const REPAIR = { project: 'project', whiten: 'whiten', clip: 'clip' } as const

/** Kernels that each repair replaces. */
export type RepairedSlots = Readonly<Record<keyof typeof REPAIR, readonly Slot[]>>

/** Repairs of kernels in their place. @throws UserError where one has nothing to work on. */
export function repairs(context: GraphContext, { projection, whitening, clip }: RepairOptions): RepairedSlots {
  const { g, network, parameters } = context
  const project = kernelSlots(projectedLayers(network, projection?.layers ?? 'none'), parameters)
  const whiten = kernelSlots(whitenedLayers(network, whitening?.layers ?? 'none'), parameters)
  replace(context, project, REPAIR.project, (kernel, operator) =>
    projectKernel(g, kernel, operator.grid!, projection?.method ?? 'svd', operator),
  )
  replace(context, whiten, REPAIR.whiten, (kernel) => whitenKernel(g, kernel))
  const clipped = kernelSlots(clippedLayers(network, clip?.layers ?? 'none'), parameters)
  replace(context, clipped, REPAIR.clip, (kernel, operator) => clipKernel(g, kernel, operator.grid, clip!.interval, operator))
  return { project, whiten, clip: clipped }
}

/** Replaces some kernels within the parameters' vector, under a name to fetch: gives the rank that was found for each. */
function replace(
  { g, theta, network }: GraphContext,
  slots: readonly Slot[],
  name: string,
  make: (kernel: Tensor, operator: KernelOperator) => Repaired,
): void {
  if (slots.length === 0) return
  const value = g.read(theta)
  const ends = slots.map((slot) => [g.integers([slot.offset]), g.integers([slot.offset + slot.length])] as const)
  const made = slots.map((slot, i) => {
    const operator = kernelOperator(network.layers[slot.layer]!, slot.shape)
    const kernel = g.reshape(stretch(g, value, ...ends[i]!, slot.length), operator.shape)
    const repaired = g.within(name, () => make(kernel, operator))
    return { kernel: g.reshape(repaired.kernel, [slot.length]), rank: repaired.rank }
  })
  const written = made.map(({ kernel }, i) =>
    // After all are made: none may read what another has already replaced.
    g.node(
      'ResourceStridedSliceAssign',
      [
        theta.handle,
        ends[i]![0].id,
        ends[i]![1].id,
        g.integers([1]).id,
        kernel.id,
        ...made.map((other) => `^${other.kernel.id.split(':')[0]!}`),
      ],
      STRETCH,
    ),
  )
  g.after(g.pack(made.map(({ rank }) => rank)), written, name)
}
