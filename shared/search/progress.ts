import { z } from 'zod'
import { Measured, RunState } from '../records'
import { RunId } from '../run-id'
import { SearchVerdict } from './verdict'

/** How far a search is. */
const SEARCH_STATES = ['going on', 'done', 'stopped', 'halted'] as const

export const SearchTrial = z.object({
  /** From 1. */
  number: z.number().int(),
  /** What it tries, by paths. */
  values: z.record(z.string(), z.unknown()),
  /** One a seed; null where there is none, or no more. */
  runs: z.array(
    z.object({ seed: z.number().int(), run: RunId.nullable(), state: RunState.nullable(), value: Measured.nullable() }),
  ),
  /** Of the objective over the seeds; null where none has a value. */
  mean: Measured.nullable(),
  deviation: Measured.nullable(),
  /** Epochs that its value is of, where trials are ended early. */
  epochs: z.number().int().nullable(),
  state: z.enum(['to come', 'at work', 'waiting', 'done', 'ended early', 'failed', 'halted']),
})
export type SearchTrial = z.infer<typeof SearchTrial>

export const SearchProgress = z.object({
  state: z.enum(SEARCH_STATES),
  /** Why it is halted: a run that was stopped, settings that do not fit. */
  why: z.string().nullable(),
  trials: z.array(SearchTrial),
  /** Of each trial that has a value of a whole run, in their order, the best so far. */
  best: z.array(z.object({ trial: z.number().int(), value: Measured })),
  verdict: SearchVerdict.nullable(),
})
export type SearchProgress = z.infer<typeof SearchProgress>
