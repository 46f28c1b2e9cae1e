import { z } from 'zod'
import { Comparison, ComparisonLayout } from '../comparison'
import { Experiment, ExperimentDefinition, ExperimentPlan, ReadyExperiment } from '../experiments/experiment'
import { SearchProgress } from '../search/progress'
import { MOST_TRIALS } from '../search/search'
import { nothing, request } from './kinds'

/** Comparisons that are kept, and experiments. */
export const experimentCalls = {
  'comparisons.list': request(nothing, z.array(Comparison)),
  /** A new one, or an old one in its new form. */
  'comparisons.save': request(
    z.strictObject({ id: z.number().int().optional(), name: z.string().trim().min(1).max(200), layout: ComparisonLayout }),
    Comparison,
  ),
  'comparisons.delete': request(z.strictObject({ id: z.number().int() }), z.strictObject({})),

  /** The experiments that come with NormLab, on their own data set or on another. */
  'experiments.ready': request(z.strictObject({ data: z.string().min(1).max(200).optional() }), z.array(ReadyExperiment)),
  'experiments.list': request(nothing, z.array(Experiment)),
  'experiments.show': request(z.strictObject({ id: z.number().int() }), Experiment),
  /** What a definition comes to: its cells with their sizes and costs. Nothing is started. */
  'experiments.plan': request(z.strictObject({ definition: ExperimentDefinition }), ExperimentPlan),
  'experiments.start': request(z.strictObject({ definition: ExperimentDefinition }), Experiment),
  /** Gives it another definition; cells that it has already keep their runs, new ones are queued. */
  'experiments.extend': request(z.strictObject({ id: z.number().int(), definition: ExperimentDefinition }), Experiment),
  /** Goes on with cells whose run was interrupted, stopped or failed, and starts those without one. */
  'experiments.resume': request(z.strictObject({ id: z.number().int() }), Experiment),
  /** How far a search is, with its trials and what it found. */
  'experiments.search': request(z.strictObject({ id: z.number().int() }), SearchProgress),
  /** Gives a search more trials, which go on where the earlier ones ended. */
  'experiments.add-trials': request(
    z.strictObject({ id: z.number().int(), trials: z.number().int().min(1).max(MOST_TRIALS) }),
    Experiment,
  ),
  'experiments.stop': request(z.strictObject({ id: z.number().int() }), Experiment),
  /** Lets go of its runs, which stay. */
  'experiments.delete': request(z.strictObject({ id: z.number().int() }), z.strictObject({})),
} as const
