import { z } from 'zod'
import { findMeasure } from '../measures'

/**
 * What a claim comes to in numbers: by this measure one variant of an axis is better than another, whatever the other axes'
 * variants are. Which way is better, the measure says.
 */
export const Expectation = z.strictObject({
  /** The part of the claim that it stands for. */
  words: z.string().trim().min(1).max(500),
  measure: z
    .string()
    .max(100)
    .refine(
      (name) => (findMeasure(name)?.better ?? null) !== null,
      'must be a measure of runs by which one is better than another',
    ),
  axis: z.string().trim().min(1).max(100),
  /** Labels of two of its variants. */
  better: z.string().trim().min(1).max(200),
  than: z.string().trim().min(1).max(200),
  /**
   * The claim itself is about unlike sets of units: a net whose stages begin with a block of another shape against one that has
   * transitions there. Elsewhere such sets are not held against each other.
   */
  acrossSets: z.boolean().default(false),
})
export type Expectation = z.infer<typeof Expectation>
