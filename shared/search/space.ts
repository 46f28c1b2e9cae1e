import { z } from 'zod'
import { SettingPath } from '../settings/setting-path'
import { MOST_DIMENSIONS } from './sobol'

/** A setting that takes numbers between two ends, both of them among them. */
export const Interval = z
  .strictObject({
    path: SettingPath,
    low: z.number(),
    high: z.number(),
    /** Whether equal steps of it are equal differences, or equal factors. */
    scale: z.enum(['linear', 'log']).default('linear'),
    /** Whole numbers alone. */
    whole: z.boolean().default(false),
  })
  .refine(({ low, high }) => low < high, 'must have its lower end below the higher one')
  .refine(({ low, scale }) => scale === 'linear' || low > 0, 'must begin above 0, for its scale is logarithmic')
  .refine(({ low, high, whole }) => !whole || (Number.isInteger(low) && Number.isInteger(high)), 'must end at whole numbers')
export type Interval = z.infer<typeof Interval>

/** A setting that takes one of a few values. */
const Choices = z.strictObject({ path: SettingPath, choices: z.array(z.unknown()).min(2).max(100) })
export type Choices = z.infer<typeof Choices>

export const SearchAxis = z.union([Interval, Choices])
export type SearchAxis = z.infer<typeof SearchAxis>

export const Space = z
  .array(SearchAxis)
  .min(1)
  .max(MOST_DIMENSIONS)
  .refine((axes) => new Set(axes.map(({ path }) => path)).size === axes.length, 'must name each setting once')
export type Space = z.infer<typeof Space>

export const isInterval = (axis: SearchAxis): axis is Interval => 'low' in axis

/** Values are rounded to so many significant digits: what is written is what was trained. */
const DIGITS = 4

/** The value at a coordinate in [0, 1). */
function valueAt(axis: SearchAxis, at: number): unknown {
  if (!isInterval(axis)) return axis.choices[Math.min(Math.floor(at * axis.choices.length), axis.choices.length - 1)]
  const { whole, scale } = axis
  // Each whole number has the same share, the ends too.
  const [low, high] = whole ? [axis.low - 0.5, axis.high + 0.5] : [axis.low, axis.high]
  const value = scale === 'log' ? low * (high / low) ** at : low + (high - low) * at
  const rounded = whole ? Math.round(value) : Number(value.toPrecision(DIGITS))
  return Math.min(Math.max(rounded, axis.low), axis.high)
}

/** The coordinate of an interval's value, 0 and 1 at its ends; of a choice its place in the list. */
function coordinateOf(axis: SearchAxis, value: unknown): number {
  if (!isInterval(axis)) return axis.choices.findIndex((one) => JSON.stringify(one) === JSON.stringify(value))
  const { low, high, scale } = axis
  return scale === 'log' ? Math.log((value as number) / low) / Math.log(high / low) : ((value as number) - low) / (high - low)
}

/** A trial's settings by their paths. */
export type Values = Readonly<Record<string, unknown>>

export const valuesAt = (space: Space, point: readonly number[]): Values =>
  Object.fromEntries(space.map((axis, dimension) => [axis.path, valueAt(axis, point[dimension]!)]))

export const pointOf = (space: Space, values: Values): number[] => space.map((axis) => coordinateOf(axis, values[axis.path]))

/** One text for values, to find the same ones by. */
export const keyOf = (space: Space, values: Values): string => JSON.stringify(space.map(({ path }) => values[path]))

/** How many different points it has; infinite where a number may be any. */
export function sizeOf(space: Space): number {
  return space.reduce((product, axis) => {
    if (!isInterval(axis)) return product * axis.choices.length
    return product * (axis.whole ? axis.high - axis.low + 1 : Infinity)
  }, 1)
}
