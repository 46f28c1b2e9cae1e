import { z } from 'zod'
import { findMeasure } from '../measures'

/** The part of the claim that it stands for. */
const words = z.string().trim().min(1).max(500)
const axis = z.string().trim().min(1).max(100)
/** One of an axis's variants. */
const label = z.string().trim().min(1).max(200)

/** By this measure one variant of an axis is better than another, whatever the other axes' variants are. Which way is better, the measure says. */
export const ComparedExpectation = z.strictObject({
  words,
  measure: z
    .string()
    .max(100)
    .refine(
      (name) => (findMeasure(name)?.better ?? null) !== null,
      'must be a measure of runs by which one is better than another',
    ),
  axis,
  better: label,
  than: label,
  /**
   * The claim itself is about unlike sets of units: a net whose stages begin with a block of another shape against one that has
   * transitions there. Elsewhere such sets are not held against each other.
   */
  acrossSets: z.boolean().default(false),
})
export type ComparedExpectation = z.infer<typeof ComparedExpectation>

/** Figures that no record holds: a job of the lab measures them at the runs' weights. */
export const LAWS = {
  /** Largest singular value of the residual Jacobians, meant over a run's blocks, over the number of blocks: the job `runs.depth-law`. */
  'depth-law': { title: 'slope of log σ₁ over log L' },
} as const

/** Over the runs of one variant of an axis a figure goes with a power of the depth. */
export const LawExpectation = z.strictObject({
  words,
  law: z.enum(Object.keys(LAWS) as [keyof typeof LAWS]),
  axis,
  of: label,
  /** The power, and how far from it a slope still counts as that one. */
  slope: z.number().min(-100).max(100),
  within: z.number().positive().max(100),
  /** Whether the slope is expected there, or anywhere else. */
  isThere: z.boolean().default(true),
})
export type LawExpectation = z.infer<typeof LawExpectation>

/** What a claim comes to in numbers. */
export const Expectation = z.union([ComparedExpectation, LawExpectation])
export type Expectation = z.infer<typeof Expectation>

export const isLaw = (expectation: Expectation): expectation is LawExpectation => 'law' in expectation

/** Whether something is expected that the job `runs.depth-law` measures. */
export const needsDepthLaw = (expects: readonly Expectation[]): boolean =>
  expects.some((one) => isLaw(one) && one.law === 'depth-law')
