import { z } from 'zod'
import { Configuration } from '../configuration'
import { Cell } from '../experiments/experiment'
import { RunMeasureValues, StepMeasureValues } from '../measures/schemas'
import { UnitSets } from '../measures/unit-sets'
import { Measured, RunNotice, RunState, Unit, WithoutCopies } from '../records'
import { RunId } from '../run-id'
import { RunOrigin } from '../run-origin'

/** Why a run failed or was interrupted, for its first line. */
export const RunProblem = z.object({ message: z.string(), step: z.number().optional(), unit: z.string().optional() })

/** How far the work on a run has come. */
export const RunProgress = z.object({
  phase: z.enum(['queued', 'data', 'compile', 'first-step', 'train', 'evaluate', 'ended']),
  /** Steps done, and in all. */
  step: z.number(),
  steps: z.number(),
  stepsPerEpoch: z.number(),
  /** Median wall time of the last steps, and estimate of the time left. */
  stepMs: z.number().nullable(),
  secondsLeft: z.number().nullable(),
  /** Resident memory of the process that trains it, while it does. */
  memoryBytes: z.number().nullable(),
  /** The evaluation on the test images that is going on: images done and in all, and seconds since it began. */
  test: z.object({ done: z.number(), images: z.number(), seconds: z.number() }).optional(),
})

export const RunSummary = z.object({
  id: RunId,
  name: z.string(),
  state: RunState,
  problem: RunProblem.nullable(),
  /** In the order in which they happened. */
  notices: z.array(RunNotice),
  /** Place in the queue, from 1; null for a run that does not wait. */
  place: z.number().int().nullable(),
  preset: z.string().nullable(),
  network: z.string(),
  dataset: z.string(),
  seed: z.number(),
  /** Of its network, blocks and transitions; and residual blocks alone. */
  unitCount: z.number().int(),
  blocks: z.number().int(),
  parameters: z.number().nullable(),
  device: z.string().nullable(),
  /** NormLab, TensorFlow, Node, Electron, operating system, … */
  versions: z.record(z.string(), z.string()),
  createdAt: z.string(),
  startedAt: z.string().nullable(),
  endedAt: z.string().nullable(),
  progress: RunProgress,
  /** What its measures of ratios are over. */
  sets: UnitSets,
  /** Values of the last step, and those of the norms of the last step that was measured; 0 where there is no such step yet. */
  last: StepMeasureValues.extend({
    step: z.number().int(),
    measuredStep: z.number().int(),
    testAccuracy: Measured.nullable(),
    /** Of the last epoch that was tested; null where copies were not looked for by then. */
    withoutCopies: WithoutCopies.nullable(),
  }),
  /** The one value of each measure that stands for the run (shared/measures), and the last epoch on record, which some are of. */
  measures: RunMeasureValues.extend({ epoch: z.number().int() }),
  /** The loss at some forty steps spread over the run, for a sparkline. */
  spark: z.array(Measured),
  /** Every setting under its path, `training.rate`; without the network's document. */
  settings: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
  /** Where it was trained, if no lab trained it: nothing can be trained on, tested or linearised then. */
  origin: RunOrigin.optional(),
  tags: z.array(z.string()),
  note: z.string(),
  starred: z.boolean(),
  archived: z.boolean(),
  pinned: z.boolean(),
  /** The experiment that it belongs to, and which of its cells it fills. */
  experiment: z.number().int().nullable(),
  cell: Cell.nullable(),
  /** When it was deleted; null for one that is there. */
  deletedAt: z.string().nullable(),
  /** What of it cannot be read, a sentence each: a damaged record, or a newer NormLab's. Such a run can be looked at, not trained. */
  unreadable: z.array(z.string()),
})
export type RunSummary = z.infer<typeof RunSummary>

/** A run that was deleted, and when it is gone for good. */
export const DeletedRun = RunSummary.extend({
  purgedAt: z.string(),
  /** What its records and files take. */
  bytes: z.number(),
})
export type DeletedRun = z.infer<typeof DeletedRun>

/** What a run comes to before it starts. */
export const RunPlan = z.object({
  /** What it is called where nobody names it. */
  name: z.string(),
  steps: z.number().int(),
  /** The last one may be cut short by the limit in steps. */
  epochs: z.number().int(),
  stepsPerEpoch: z.number().int(),
  /** Estimates, milliseconds and seconds, from what was measured on this machine; null where nothing was. */
  stepMs: z.number().nullable(),
  seconds: z.number().nullable(),
  /** What the times rest on. */
  basis: z.string(),
  /** Bytes: an estimate of what a step takes on the CPU, what is free now, and what the machine has. */
  memory: z.object({ needed: z.number(), free: z.number(), total: z.number() }),
  /** What the reader should know before it begins. */
  warning: z.string().nullable(),
})
export type RunPlan = z.infer<typeof RunPlan>

/** A word of the reader's to a moment of a run. */
export const Annotation = z.object({
  id: z.number().int(),
  step: z.number().int(),
  /** Index of a unit, where the word is about one. */
  unit: z.number().int().nullable(),
  text: z.string(),
  at: z.string(),
})
export type Annotation = z.infer<typeof Annotation>

export const RunDetail = RunSummary.extend({
  configuration: Configuration,
  /** Why the data set that it was started with is not at hand, a sentence; null where it is. */
  dataFault: z.string().nullable(),
  units: z.array(Unit),
  /** Whether any state of its weights is kept. */
  hasWeights: z.boolean(),
  annotations: z.array(Annotation),
})
export type RunDetail = z.infer<typeof RunDetail>
