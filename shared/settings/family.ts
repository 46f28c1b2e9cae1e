import { z } from 'zod'
import { type Fields, type Setting, setting, shapeOf } from './setting'
import type { GroupName } from './groups'

/** Settings in one object of which each, and so the whole, may be left out. */
export function family<const F extends Fields>(fields: F) {
  // No field may be required: what the type cannot say of any F, the test of the registry does.
  return { fields, schema: z.strictObject(shapeOf(fields)).prefault({} as never) }
}

export const finite = z.number().refine(Number.isFinite, 'must be a finite number')
export const share = finite.min(0).max(1)
/** A count of steps, epochs or units. */
export const count = z.number().int().min(0).max(100_000_000)

/** Names of layers or parameters; `*` stands for any characters: `stage2.*.conv1`. */
export const Pattern = z.string().min(1).max(200)

/** When a repair is done, beside the layers that it takes. Whitening comes before a step's forward pass, projection after its update. */
export function repairTimes(told: { what: string; path: string; group: GroupName; fullPathOnly?: true }) {
  const { what, path, ...common } = told
  const applies: Setting['applies'] = (of) => !['none', false, undefined].includes(of(path) as string)
  return {
    atStart: setting({
      ...{ ...common, applies, label: `${what} at the start` },
      says: `One ${what.toLowerCase()} of the initial values, before the first step`,
      schema: z.boolean().default(false),
    }),
    every: setting({
      ...{ ...common, applies, label: `${what} every`, unit: 'steps' },
      says: `Steps between ${what.toLowerCase()}s; 0 for none but the start’s`,
      schema: count.default(1),
    }),
    probability: setting({
      ...{ ...common, applies, label: `${what} chance` },
      says: `Chance of a ${what.toLowerCase()} at such a step`,
      schema: share.default(1),
      ...(what === 'Projection' && { option: { name: 'project-probability', value: 'P' } }),
    }),
  }
}
