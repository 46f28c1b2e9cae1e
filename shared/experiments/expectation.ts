import { z } from 'zod'
import { findMeasure } from '../measures'
import type { Figures } from './judged-cell'
import { LAW_NAMES, lawOf } from './laws'

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

/** Over the runs of one variant of an axis a figure goes with a power of the depth. */
export const LawExpectation = z.strictObject({
  words,
  law: z.enum(LAW_NAMES),
  axis,
  of: label,
  /** The power of what the law is over, and how far from it a slope still counts as that one. */
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

/** Which figures the lab has to measure at the runs' weights before such claims are judged. */
export function figuresFor(expects: readonly Expectation[]): ReadonlySet<keyof Figures> {
  return new Set(expects.flatMap((one) => (isLaw(one) ? (lawOf(one.law).needs ?? []) : [])))
}
