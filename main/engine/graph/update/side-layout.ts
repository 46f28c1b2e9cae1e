import type { ExpandedNetwork } from '../../../../shared/architecture'
import type { OptimiserDefinition, OptimiserSettings } from '../../../../shared/optimisers'
import { kernelOperator } from '../kernel-operator'
import type { Layout, Slot } from '../layout'
import { stacksOf } from './kernel-stacks'
import { sidesOfStacks } from './sides'

/** Where the matrices of kernels' sides lie: optimiser by optimiser, as `KernelSides` has them. */
export interface SideLayout extends Layout {
  /** How much each optimiser that has any takes. */
  readonly lengths: ReadonlyMap<OptimiserDefinition, number>
}

/** @param owners Which optimiser has each parameter. */
export function sideLayout(
  network: ExpandedNetwork,
  layout: Layout,
  owners: readonly OptimiserDefinition[],
  settings: OptimiserSettings,
): SideLayout {
  const slots: Slot[] = []
  const lengths = new Map<OptimiserDefinition, number>()
  let offset = 0
  for (const owner of new Set(owners)) {
    if (!owner.matrices) continue
    const first = offset
    const own = layout.slots.filter((_, i) => owners[i] === owner)
    const stacks = stacksOf(own.map(({ layer, shape }) => kernelOperator(network.layers[layer]!, shape)))
    for (const { stack, which, side } of sidesOfStacks(stacks, owner.longestSide!(settings))) {
      const { members, groups } = stacks[stack]!
      for (const member of members) {
        const kernel = own[member]!
        const shape = groups === 1 ? [side, side] : [groups, side, side]
        const length = groups * side * side
        slots.push({ ...kernel, ...{ name: `${kernel.name}.${which}`, local: which, shape, offset, length } })
        offset += length
      }
    }
    lengths.set(owner, offset - first)
  }
  return { slots, length: offset, lengths }
}
