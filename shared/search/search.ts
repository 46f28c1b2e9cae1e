import { z } from 'zod'
import { findMeasure } from '../measures'
import { Space } from './space'

/**
 * How the next trial's settings are chosen: at random; evenly, by Sobol's sequence with a digital shift; where a Gaussian process expects the greatest
 * improvement; or evenly, with all but the best ended early.
 */
export const SAMPLERS = ['random', 'sobol', 'bayes', 'halving'] as const

export const MOST_TRIALS = 1000

/** The least and the greatest that each number of a search may be. */
export const SEARCH_BOUNDS = {
  trials: [1, MOST_TRIALS],
  ...{ seed: [0, 0xffffffff], ahead: [1, 100], from: [1, 100_000], factor: [2, 100] },
} as const satisfies Readonly<Record<string, readonly [least: number, most: number]>>

const bounded = ([least, most]: readonly [number, number]) => z.number().int().min(least).max(most)

const Objective = z
  .strictObject({
    measure: z
      .string()
      .max(100)
      .refine(
        (name) => (findMeasure(name)?.better ?? null) !== null,
        'must be a measure of runs by which one is better than another',
      ),
    /** The value that stands for the whole run, or the best of its epochs. */
    at: z.enum(['end', 'best']).default('end'),
  })
  .refine(
    ({ measure, at }) => at === 'end' || findMeasure(measure)?.epoch !== undefined,
    'must be a measure of epochs to have a best one',
  )
export type Objective = z.infer<typeof Objective>

/** Successive halving (Jamieson and Talwalkar 2016): of the trials of a bracket one in `factor` goes on at each rung. */
export const Halving = z.strictObject({
  /** Epochs at least before any is ended. */
  from: bounded(SEARCH_BOUNDS.from).default(1),
  factor: bounded(SEARCH_BOUNDS.factor).default(3),
})
export type Halving = z.infer<typeof Halving>

/** A search over settings: what is varied, how many trials there are, what they are judged by. */
export const Search = z
  .strictObject({
    space: Space,
    sampler: z.enum(SAMPLERS).default('sobol'),
    objective: Objective,
    /** Trials in all. The first ones of more are those of fewer. */
    trials: bounded(SEARCH_BOUNDS.trials),
    /** Decides all that is drawn; the runs' own seeds are the experiment's. */
    seed: bounded(SEARCH_BOUNDS.seed).default(1),
    /**
     * Of a Bayesian search: how many trials may be at work at once. Trial i is chosen by the results of the trials before i − ahead, whichever end first;
     * so it is the same on every machine.
     */
    ahead: bounded(SEARCH_BOUNDS.ahead).default(1),
    halving: Halving.prefault({}),
    /** After how many trials each bracket of a halving ended, the last one left out: trials that were added later are a bracket of their own. */
    brackets: z.array(z.number().int().min(1)).max(MOST_TRIALS).default([]),
    /** Whether somebody stopped it. */
    stopped: z.boolean().default(false),
  })
  .refine(
    ({ sampler, objective }) => sampler !== 'halving' || findMeasure(objective.measure)?.epoch !== undefined,
    'must be judged by a measure of epochs where trials are ended early',
  )
export type Search = z.infer<typeof Search>
