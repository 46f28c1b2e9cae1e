import { z } from 'zod'

/** 32-bit floats as they are: NaN and Infinity are measurements too. */
const floats = z.custom<Float32Array>((value) => value instanceof Float32Array, 'must be a Float32Array')

/** A number as it was measured: NaN and the infinities are measurements too, which `z.number()` would refuse. */
export const Measured = z.custom<number>((value) => typeof value === 'number', 'must be a number')

/** What one training step measured. */
export const StepRecord = z.object({
  /** The how-manieth update of the run, from 1. */
  step: z.number().int(),
  /** The epoch that the step belongs to, from 1. */
  epoch: z.number().int(),
  /** Mean cross-entropy of the minibatch, nats. */
  loss: Measured,
  /** Share of the minibatch classified right, 0–1, in training mode. */
  accuracy: Measured,
  /** Learning rate of this step's update. */
  rate: Measured,
  /** Wall time of the step, milliseconds. */
  ms: Measured,
  /** How much of it went by waiting for the batch, milliseconds; absent in records of older runs. */
  waitedMs: Measured.optional(),
  /** ‖dE/dθ‖₂ over all parameters, before clipping; absent in records of older runs. */
  gradientNorm: Measured.optional(),
  /** ‖dE/dx_l‖₂ at each boundary in forward order, before the update; one more than there are units. Empty where not measured. */
  norms: floats,
  /** ‖x_l‖₂ at each boundary, where measured. */
  activations: floats.optional(),
  /** ‖w‖₂ of each unit's own parameters before the update, where measured. */
  weights: floats.optional(),
  /** ‖Δw‖₂/‖w‖₂ of each unit: how far this step's update moved it, where measured. */
  updates: floats.optional(),
  /** The way forward, where it was looked at: see `Signal`, whose parts lie behind one another. */
  signal: floats.optional(),
})
export type StepRecord = z.infer<typeof StepRecord>

/** One value a unit: the finite ratios of an epoch's steps; NaN where there was none. */
const RatioStatistics = z.object({
  mean: floats,
  min: floats,
  max: floats,
  /** Measured steps whose ratio was not finite; absent in records of older runs. */
  notFinite: floats.optional(),
})
export type RatioStatistics = z.infer<typeof RatioStatistics>

/** A test's accuracy without the images that have a known copy in `train`. */
export const WithoutCopies = z.object({
  /** How many of the tested images have one. */
  copies: z.number().int(),
  /** Of the others, 0–1; NaN where there are none. */
  accuracy: Measured,
})
export type WithoutCopies = z.infer<typeof WithoutCopies>

/** What a test came to: mean cross-entropy, nats, and share classified right, 0–1. */
export interface TestScores {
  readonly loss: number
  readonly accuracy: number
  readonly withoutCopies?: WithoutCopies
}

export const EpochRecord = z.object({
  epoch: z.number().int(),
  /** Steps that this record covers (a run stopped in mid-epoch has a short last one). */
  firstStep: z.number().int(),
  lastStep: z.number().int(),
  /** Means over the epoch's steps. */
  trainLoss: Measured,
  trainAccuracy: Measured,
  /** On the whole test split with moving statistics; null where it was not evaluated. */
  testLoss: Measured.nullable(),
  testAccuracy: Measured.nullable(),
  /** As the checks of the set were on record then; absent where copies were not looked for, or nothing was tested. */
  withoutCopies: WithoutCopies.optional(),
  /** Seconds of wall time, evaluation included. */
  seconds: Measured,
  /** Steps whose norms were measured; absent in records of older runs. */
  measured: z.number().int().optional(),
  ratios: RatioStatistics,
})
export type EpochRecord = z.infer<typeof EpochRecord>

export const RunState = z.enum(['queued', 'running', 'paused', 'interrupted', 'stopped', 'failed', 'done'])
export type RunState = z.infer<typeof RunState>

/** What happened to a run on its way, for the reader: that it went on from a checkpoint, say. */
export const RunNotice = z.object({
  /** An alarm of the run's that was raised, which is to be told or only marked; something else where it is absent. */
  kind: z.enum(['alarm', 'mark']).optional(),
  /** The last step before it. */
  step: z.number().int(),
  /** ISO 8601, UTC. */
  at: z.string(),
  message: z.string(),
})
export type RunNotice = z.infer<typeof RunNotice>

/** A unit of the network: a block or a transition, between two boundaries. */
export const Unit = z.object({
  /** `stage2.block1`, `transition1`, `stem`. */
  name: z.string(),
  kind: z.enum(['stem', 'block', 'transition']),
  /** Shape of the tensor that enters it: height, width, channels. */
  shape: z.array(z.number().int()),
  /** Of the last unit the shape that leaves it; what leaves another one is what enters the next. Absent in records of older runs. */
  leaves: z.array(z.number().int()).optional(),
})
export type Unit = z.infer<typeof Unit>
