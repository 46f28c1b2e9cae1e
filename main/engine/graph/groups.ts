import { fits } from '../../../shared/architecture'
import { UserError } from '../../../shared/errors'
import type { Layout } from './layout'
import type { Variable } from './node-graph'
import { type GroupValues, isInGroup, type Optimiser } from './optimise'
import type { TensorGraph } from './tensor-graph'

/** Values that a session has to be given before its first step and that no step changes, by the variables' names. */
export type Constants = Readonly<Record<string, Float32Array>>

/**
 * Weight decay and rate factor of each parameter: the first group that it fits, else the run's. Numbers where all parameters have
 * the same, vectors in the parameters' layout where not.
 *
 * @throws UserError for a group that no parameter fits.
 */
export function groupValues(g: TensorGraph, layout: Layout, options: Optimiser): { values: GroupValues; constants: Constants } {
  const groups = options.groups ?? []
  const taken = groups.map(() => false)
  const entries = layout.slots.map((slot) => {
    const at = groups.findIndex(({ parameters }) => isInGroup(slot, parameters, fits))
    groups.forEach(({ parameters }, i) => (taken[i] ||= isInGroup(slot, parameters, fits)))
    const group = groups[at]
    return { decay: group?.weightDecay ?? options.weightDecay, factor: group?.rateFactor ?? 1 }
  })
  const idle = taken.indexOf(false)
  if (idle >= 0)
    throw new UserError(`no parameter fits the group "${groups[idle]!.parameters}"`, {
      place: 'training.groups',
      remedy: `say kernels, biases, norms, or a pattern such as ${layout.slots[0]?.name ?? '*'}`,
    })
  const constants: Record<string, Float32Array> = {}
  const valueOf = (what: 'decay' | 'factor', otherwise: number): number | Variable => {
    const first = entries[0]?.[what] ?? otherwise
    if (entries.every((entry) => entry[what] === first)) return first
    const vector = new Float32Array(layout.length)
    layout.slots.forEach(({ offset, length }, i) => vector.fill(entries[i]![what], offset, offset + length))
    constants[what] = vector
    return g.variable(what, [layout.length])
  }
  return { values: { decay: valueOf('decay', options.weightDecay), factor: valueOf('factor', 1) }, constants }
}
