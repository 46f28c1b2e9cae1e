import type { Tensor } from '../../../../shared/ops/graph'
import {
  isOptimiserMatrix,
  type OptimiserDefinition,
  type OptimiserMatrix,
  type OptimiserSettings,
  type OptimiserState,
} from '../../../../shared/optimisers'
import { kernelOperator } from '../kernel-operator'
import type { Layout, Slot } from '../layout'
import type { UpdatedState } from '../optimise'
import type { TensorGraph } from '../tensor-graph'
import { wordsOf } from './words'

/** What updates read, in the parameters' layout; what all entries share is a scalar. */
export interface UpdateInputs {
  readonly value: Tensor
  readonly gradient: Tensor
  readonly rate: Tensor
  /** Null where nothing decays. */
  readonly decay: Tensor | null
  readonly kept: Readonly<Partial<Record<OptimiserState, Tensor>>>
}

/** Neighbouring parameters of one optimiser. */
interface Stretch {
  readonly owner: OptimiserDefinition
  readonly slots: readonly Slot[]
  readonly length: number
}

/**
 * The step of parameters that have several optimisers, or one that takes kernels one by one: the vectors are cut into stretches, those of one
 * optimiser are joined and updated at once, and all is put together again.
 *
 * @returns what is to be subtracted from the parameters, and the vectors that are kept.
 */
export function updateInPieces(
  g: TensorGraph,
  { network, layout, owners, sides }: Pick<UpdatedState, 'network' | 'layout' | 'owners' | 'sides'>,
  inputs: UpdateInputs,
  settings: OptimiserSettings,
): { step: Tensor; kept: Partial<Record<OptimiserState, Tensor>> } {
  const stretches = stretchesOf(layout, owners)
  const lengths = stretches.map(({ length }) => length)
  // A scalar is one for all.
  const cut = (x: Tensor): readonly Tensor[] => (x.shape.length === 0 ? lengths.map(() => x) : g.split(x, lengths))
  const all = Object.keys(inputs.kept) as OptimiserState[]
  const names = all.filter((name) => !isOptimiserMatrix(name))
  const matrixNames = all.filter(isOptimiserMatrix)
  const withSides = [...sides.lengths.keys()]
  const matrices = Object.fromEntries(matrixNames.map((name) => [name, [...g.split(inputs.kept[name]!, [...sides.lengths.values()])]])) as Record<OptimiserMatrix, Tensor[]> // prettier-ignore
  const cuts = {
    ...{ value: cut(inputs.value), gradient: cut(inputs.gradient), rate: cut(inputs.rate) },
    decay: inputs.decay && cut(inputs.decay),
  }
  const kept = Object.fromEntries(names.map((name) => [name, [...cut(inputs.kept[name]!)]])) as Record<OptimiserState, Tensor[]>
  const steps = new Array<Tensor>(stretches.length)
  for (const owner of new Set(owners)) {
    const own = stretches.flatMap((stretch, i) => (stretch.owner === owner ? [i] : []))
    const count = own.reduce((sum, i) => sum + lengths[i]!, 0)
    const joined = (parts: readonly Tensor[]): Tensor => {
      const chosen = own.map((i) => parts[i]!)
      return chosen[0]!.shape.length === 0 ? chosen[0]! : g.concatenate(chosen, 0, [count])
    }
    const [value, rate] = [joined(cuts.value), joined(cuts.rate)]
    const penalty = cuts.decay && g.multiply(value, joined(cuts.decay))
    const gradient = joined(cuts.gradient)
    const slots = own.flatMap((i) => stretches[i]!.slots)
    const at = withSides.indexOf(owner)
    const words = wordsOf(
      g,
      () => slots.map((slot) => kernelOperator(network.layers[slot.layer]!, slot.shape)),
      owner.longestSide?.(settings),
    )
    const found = owner.update(
      words,
      {
        gradient: penalty && !owner.isDecoupled ? g.add(penalty, gradient) : gradient,
        rate,
        kept: {
          ...(Object.fromEntries(names.map((name) => [name, joined(kept[name])])) as Record<OptimiserState, Tensor>),
          ...(at >= 0 && Object.fromEntries(matrixNames.map((name) => [name, matrices[name][at]!]))),
        },
      },
      settings,
    )
    const shrinking = (): Tensor => (owner.decays ? g.multiply(rate, owner.decays(words)) : rate)
    const step = penalty && owner.isDecoupled ? g.add(found.step, g.multiply(penalty, shrinking())) : found.step
    const ownLengths = own.map((i) => lengths[i]!)
    g.split(step, ownLengths).forEach((part, at) => (steps[own[at]!] = part))
    for (const [name, vector] of Object.entries(found.kept) as [OptimiserState, Tensor][])
      if (isOptimiserMatrix(name)) matrices[name][at] = vector
      else g.split(vector, ownLengths).forEach((part, i) => (kept[name][own[i]!] = part))
  }
  const whole = (parts: readonly Tensor[]): Tensor => g.concatenate(parts, 0, [layout.length])
  return {
    step: whole(steps),
    kept: {
      ...Object.fromEntries(names.map((name) => [name, whole(kept[name])])),
      ...Object.fromEntries(matrixNames.map((name) => [name, g.concatenate(matrices[name], 0, [sides.length])])),
    },
  }
}

function stretchesOf({ slots }: Layout, owners: readonly OptimiserDefinition[]): Stretch[] {
  const found: { owner: OptimiserDefinition; slots: Slot[]; length: number }[] = []
  slots.forEach((slot, i) => {
    const last = found[found.length - 1]
    if (last?.owner === owners[i]) {
      last!.slots.push(slot)
      last!.length += slot.length
    } else found.push({ owner: owners[i]!, slots: [slot], length: slot.length })
  })
  return found
}
