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

const share = finite.min(0).max(1)
/** A count of steps, epochs or units. */
const count = z.number().int().min(0).max(100_000_000)

/** Names of layers or parameters; `*` stands for any characters: `stage2.*.conv1`. */
const Pattern = z.string().min(1).max(200)

/** When a repair is done, beside the layers that it takes. Whitening comes before a step's forward pass, projection after its update. */
const repairTimes = {
  /** Once, on the initial values. */
  atStart: z.boolean().default(false),
  /** At every k-th step; 0 for none but the start's. */
  every: count.default(1),
  /** Chance that it is done at such a step. */
  probability: share.default(1),
}

export const Projection = z.strictObject({
  /** The stem's and the transitions' convolutions, all convolutions, or those whose names fit one of the patterns. */
  layers: z.union([z.enum(['none', 'transitions', 'all']), z.array(Pattern).min(1).max(1000)]).default('none'),
  method: z.enum(['svd', 'newton-schulz']).default('svd'),
  ...repairTimes,
})
export type Projection = z.infer<typeof Projection>

/** Replaces dense kernels by their zero-phase whitening. True stands for all dense layers, false for none. */
export const Whitening = z.preprocess(
  (value) => (typeof value === 'boolean' ? { layers: value ? 'all' : 'none' } : value),
  z.strictObject({
    layers: z.union([z.enum(['none', 'all']), z.array(Pattern).min(1).max(1000)]).default('none'),
    ...repairTimes,
  }),
) as unknown as z.ZodType<WhiteningSettings, boolean | Partial<WhiteningSettings> | undefined>
export interface WhiteningSettings {
  layers: 'none' | 'all' | string[]
  atStart: boolean
  every: number
  probability: number
}

/** Distributions of the convolutions' initial entries; see docs/networks.md for their formulas. */
export const Initialiser = z.enum([
  'he-fan-in',
  'he-fan-out',
  'he-uniform-fan-in',
  'he-uniform-fan-out',
  'glorot-normal',
  'glorot-uniform',
  'lecun-normal',
  'lecun-uniform',
  'orthogonal',
  'delta-orthogonal',
])
export type Initialiser = z.infer<typeof Initialiser>

/** Parameters that are treated otherwise than the rest. The first group that a parameter fits is its. */
export const ParameterGroup = z.strictObject({
  /** `kernels`, `biases`, `norms` (scales and shifts), or a pattern of names: `head.*`. */
  parameters: Pattern,
  /** Instead of the run's. */
  weightDecay: finite.min(0).max(1e6).optional(),
  /** Times the run's rate. */
  rateFactor: finite.min(0).max(1e6).default(1),
})
export type ParameterGroup = z.infer<typeof ParameterGroup>

export const Training = z.strictObject({
  /** Passes over the training split. */
  epochs: z.number().int().min(1).max(100_000).default(10),
  /** A limit in steps; the run ends at whichever comes first. */
  steps: z.number().int().min(1).max(100_000_000).optional(),
  batch: z.number().int().min(1).max(65_536).default(32),

  optimiser: z.enum(['sgd', 'adam', 'adamw']).default('sgd'),
  /** Learning rate: of the first step, or where there is a warm-up or one cycle, the highest. */
  rate: finite.min(0).max(1e6).default(0.1),
  momentum: share.default(0.9),
  nesterov: z.boolean().default(false),
  /** Decay rates of Adam's moments, and what is added to the root of the second (Kingma and Ba 2015). */
  beta1: share.default(0.9),
  beta2: share.default(0.999),
  epsilon: finite.min(0).max(1).default(1e-8),
  /** L2 penalty's factor on every parameter; decoupled from the gradient in AdamW (Loshchilov and Hutter 2019). */
  weightDecay: finite.min(0).max(1e6).default(1e-4),
  groups: z.array(ParameterGroup).max(100).default([]),

  /** Course of the rate after the warm-up. */
  schedule: z.enum(['steps', 'cosine', 'one-cycle']).default('steps'),
  /** `steps`: epochs after which the rate is multiplied by `factor`: [150, 225]. */
  milestones: z.array(z.number().min(0)).max(1000).default([]),
  factor: finite.min(0).max(1000).default(0.1),
  /** Epochs, or parts of one, over which the rate rises from 0 in a straight line. */
  warmup: finite.min(0).max(100_000).default(0),
  /** `cosine` and `one-cycle`: the last rate as a share of the highest. */
  finalRate: share.default(0),
  /** `one-cycle`: share of all steps at which the rate is highest. */
  peakAt: share.default(0.3),

  /** Share of the label's probability that is spread over all classes (Szegedy et al. 2016). */
  labelSmoothing: finite.min(0).max(0.999).default(0),
  /** Greatest norm of the whole gradient; a longer one is scaled down. Absent for no clipping. */
  clipNorm: finite.gt(0).optional(),
  /** Greatest absolute value of a gradient's entry; clipped before the norm is. */
  clipValue: finite.gt(0).optional(),
  augmentation: z
    .strictObject({
      /** Mirror half of the images, left to right. */
      flip: z.boolean().default(false),
      /** Pixels to pad on each side before a crop of the image's own size at random; 0 for none. */
      crop: z.number().int().min(0).max(1024).default(0),
      padding: z.enum(['zero', 'reflect']).default('zero'),
    })
    .prefault({}),
  /** `channel`: less the training split's mean, over its deviation, channel by channel. `none`: 0–1. */
  standardisation: z.enum(['channel', 'none']).default('channel'),

  init: Initialiser.default('he-fan-in'),
  /** Start the scale of the last batch norm of every residual block at 0 (Goyal et al. 2017). */
  zeroGamma: z.boolean().default(false),
  projection: Projection.prefault({}),
  whitening: Whitening.prefault({}),

  evaluation: z
    .strictObject({
      /** Epochs between evaluations on the test split; the last epoch is always evaluated. 0 for the last alone. */
      every: count.default(1),
    })
    .prefault({}),
  earlyStop: z
    .strictObject({
      measure: z.enum(['none', 'test-loss', 'test-accuracy', 'train-loss']).default('none'),
      /** Epochs without an improvement after which the run ends. */
      patience: z.number().int().min(1).max(100_000).default(10),
      /** What counts as an improvement: more than this. */
      least: finite.min(0).default(0),
    })
    .prefault({}),
  /** What is measured beside loss and accuracy, at every k-th step. */
  measures: z
    .strictObject({
      /** Steps between measurements of the norms; 1 for each step. */
      every: z.number().int().min(1).max(1_000_000).default(1),
      /** Norms of the boundaries' values on the way forward. */
      activations: z.boolean().default(false),
      /** Norms of each unit's weights, and of its update over them. */
      weights: z.boolean().default(false),
    })
    .prefault({}),
  checkpoint: z
    .strictObject({
      /** Steps between checkpoints; 0 for none but the epochs'. */
      every: count.default(0),
      /** Epochs between checkpoints; 0 for none but the steps'. */
      epochs: count.default(1),
      /** The last n are kept, */
      keep: z.number().int().min(1).max(1000).default(2),
      /** and the one with the best test accuracy. */
      best: z.boolean().default(true),
    })
    .prefault({}),

  /** Compute the values inside k blocks again on the way back instead of keeping them; 0 keeps all. */
  recompute: z.number().int().min(0).max(10_000).default(0),
  /** `auto` is the first GPU where there is one; else `cpu`, `gpu:0`, … */
  device: z
    .string()
    .regex(/^(auto|cpu|gpu:\d{1,2})$/, 'must be auto, cpu or gpu:0, gpu:1, …')
    .default('auto'),
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
  /** SHA-256 of the weights that the run begins with in place of initial values, hexadecimal; the file lies with the run. */
  weights: z
    .string()
    .regex(/^[0-9a-f]{64}$/, 'must be a SHA-256')
    .optional(),
})
export type Configuration = z.infer<typeof Configuration>
