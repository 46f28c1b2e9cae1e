import { z } from 'zod'
import type { Unit } from '../records'

/** The sets of units that a measure of ratios can be over. */
export const UNIT_SETS = ['blocks', 'all'] as const
export type UnitSetName = (typeof UNIT_SETS)[number]

/** One value a unit of each set, in forward order. */
export type UnitRatios = Readonly<Record<UnitSetName, Float32Array>>

const CONTENTS = ['block', 'reshaping block', 'transition', 'stem'] as const
type Content = (typeof CONTENTS)[number]
const PLURALS: Readonly<Record<Content, string>> = {
  block: 'blocks',
  'reshaping block': 'blocks that change the shape',
  transition: 'transitions',
  stem: 'stem',
}

/** How many units a set has in some network, and of which sorts. */
export const UnitSet = z.object({ count: z.number().int(), holds: z.array(z.enum(CONTENTS)) })
export type UnitSet = z.infer<typeof UnitSet>
export const UnitSets = z.object({ blocks: UnitSet, all: UnitSet })
export type UnitSets = z.infer<typeof UnitSets>

/**
 * The two sets of a network's units. `blocks` are its residual blocks; a dense network's are its dense ones, a plain network's
 * the same layers without the skip. `all` are its transitions and its stem too, as far as the network counts them as units.
 *
 * Where a stage begins with a block of another shape, that block is of the set; where a transition stands between the stages, it is
 * not. So the sets of two networks may be unlike, and what they hold is told.
 */
export function unitSets(units: readonly Unit[]): UnitSets {
  const sorts = units.map((unit, l): Content => {
    if (unit.kind !== 'block') return unit.kind
    const leaves = units[l + 1]?.shape ?? unit.leaves
    return leaves?.some((side, axis) => side !== unit.shape[axis]) ? 'reshaping block' : 'block'
  })
  const setOf = (found: readonly Content[]): UnitSet => ({
    count: found.length,
    holds: CONTENTS.filter((content) => found.includes(content)),
  })
  return { blocks: setOf(sorts.filter((_, l) => isIn('blocks', units[l]!))), all: setOf(sorts) }
}

export function isIn(set: UnitSetName, unit: Pick<Unit, 'kind'> | undefined): boolean {
  return set === 'all' || unit?.kind === 'block'
}

/** The values of one set out of those of all units. */
export function valuesIn(set: UnitSetName, values: Float32Array, units: readonly Pick<Unit, 'kind'>[]): Float32Array {
  return set === 'all' ? values : values.filter((_, l) => isIn(set, units[l]))
}

export function bySet(values: Float32Array, units: readonly Pick<Unit, 'kind'>[]): UnitRatios {
  return { blocks: valuesIn('blocks', values, units), all: values }
}

/** Whether two sets hold units of the same sorts, so that their numbers can be held against each other. */
export function areAlike(a: UnitSet, b: UnitSet): boolean {
  return a.holds.join() === b.holds.join()
}

/** `54 units: blocks, transitions, stem`. */
export function describeSet({ count, holds }: UnitSet): string {
  if (count === 0) return 'none'
  return `${count} ${count === 1 ? 'unit' : 'units'}: ${holds.map((content) => PLURALS[content]).join(', ')}`
}
