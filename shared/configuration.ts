import { z } from 'zod'
import { NetworkDocument } from './architecture/document'

const finite = z.number().refine(Number.isFinite, 'must be a finite number')

/** Which built-in or imported data set, and how much of it. */
export const DataChoice = z.strictObject({
  name: z.string().min(1).max(200).default('shapes10'),
  /** Images of the training split; for a procedural set as many as asked, else at most what is there. */
  train: z.number().int().min(1).max(1_000_000).optional(),
  /** Images of the test split. */
  test: z.number().int().min(1).max(1_000_000).optional(),
})
export type DataChoice = z.infer<typeof DataChoice>

export const Training = z.strictObject({
  /** Passes over the training split. */
  epochs: z.number().int().min(1).max(100_000).default(10),
  /** A limit in steps; the run ends at whichever comes first. */
  steps: z.number().int().min(1).max(100_000_000).optional(),
  batch: z.number().int().min(1).max(65_536).default(32),
  /** Learning rate of the first step. */
  rate: finite.min(0).max(1e6).default(0.1),
  /** Epochs after which the rate is multiplied by `factor`: [150, 225]. */
  milestones: z.array(z.number().min(0)).max(1000).default([]),
  factor: finite.min(0).max(1000).default(0.1),
  momentum: finite.min(0).max(1).default(0.9),
  nesterov: z.boolean().default(false),
  weightDecay: finite.min(0).max(1e6).default(1e-4),
  /** He et al. 2015: normal, deviation sqrt(2/fan). The paper's published code takes fan-out. */
  init: z.enum(['he-fan-in', 'he-fan-out']).default('he-fan-in'),
  projection: z
    .strictObject({
      layers: z.enum(['none', 'transitions']).default('none'),
      method: z.enum(['svd', 'newton-schulz']).default('svd'),
      /** Chance of a projection after each step. */
      probability: finite.min(0).max(1).default(1),
    })
    .prefault({}),
  /** Replace the fully-connected kernel by its whitening before each forward pass of training. */
  whitening: z.boolean().default(false),
  /** CPU threads for one operation; the machine's cores where absent. */
  threads: z.number().int().min(1).max(1024).optional(),
})
export type Training = z.infer<typeof Training>

/** All that decides a run's numbers: the same configuration gives the same run on the same machine. */
export const Configuration = z.strictObject({
  /** The preset as it was asked for (`proc-resnet:blocks=3`), where the network came from one. */
  preset: z.string().max(500).optional(),
  network: NetworkDocument,
  data: DataChoice.prefault({}),
  training: Training.prefault({}),
  seed: z.number().int().min(0).max(0xffffffff).default(1),
})
export type Configuration = z.infer<typeof Configuration>
