import { z } from 'zod'
import { findMeasure } from './measures'
import { StepMeasure } from './measures/schemas'
import { BANDS } from './repeats'
import { RunId } from './run-id'

export const CurveAxis = z.enum(['step', 'epoch', 'wall', 'process'])
export type CurveAxis = z.infer<typeof CurveAxis>

/** What a comparison shows and how; all that its page needs to look the same another day. */
export const ComparisonLayout = z.strictObject({
  runs: z.array(RunId).max(200),
  baseline: RunId.nullable().default(null),
  /** Draw the curves less the baseline's. */
  difference: z.boolean().default(false),
  /** Older layouts may have a measure's older name. */
  curves: z
    .array(z.preprocess((name) => (typeof name === 'string' ? (findMeasure(name)?.name ?? name) : name), StepMeasure))
    .max(StepMeasure.options.length)
    .default(['loss', 'accuracy', 'chainRatio', 'deviation']),
  axis: CurveAxis.default('step'),
  smoothing: z.number().min(0).max(0.999).default(0),
  logScale: z.boolean().default(false),
  /** The scale's ends leave out the farthest 1 % of the values. */
  outliersOff: z.boolean().default(false),
  /** Runs that differ in nothing but the seed are drawn and told as one: their mean with a band. */
  overSeeds: z.boolean().default(false),
  /** What is drawn about their mean. */
  band: z.enum(BANDS).default('deviation'),
  /** Zoom and pointer of one panel move the others. */
  linked: z.boolean().default(true),
  /** The epoch of the profiles; null for each run's last. */
  epoch: z.number().int().min(1).nullable().default(null),
  /** Of the profiles: as wide as their values, or 1/range to range. */
  range: z.union([z.literal('data'), z.literal(10), z.literal(2), z.literal(1.1)]).default('data'),
  /** Axes of the scatter chart: paths of settings, or names of measures. */
  scatter: z.strictObject({ x: z.string().max(200), y: z.string().max(200) }).default({ x: 'blocks', y: 'deviation' }),
})
export type ComparisonLayout = z.infer<typeof ComparisonLayout>

/** A layout under a name. */
export const Comparison = z.object({
  id: z.number().int(),
  name: z.string(),
  layout: ComparisonLayout,
  createdAt: z.string(),
})
export type Comparison = z.infer<typeof Comparison>
