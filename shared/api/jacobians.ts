import { z } from 'zod'
import { PowerLaw } from '../experiments/power-law'
import { FilePath } from '../file-path'
import { Measured } from '../records'
import { RunId } from '../run-id'
import { WeightMap } from '../weight-map'
import { job, request } from './kinds'
import { PerChannel } from './network-test'
import { Bounded, NetworkChoice } from './networks'
import { SpectraWeights } from './spectra'

/** At one image by moving statistics, or over a batch, which batch norm couples. */
const JacobianMode = z.enum(['inference', 'training'])

const UnitName = z.string().min(1).max(1000)

/** How the singular values are looked for. */
const search = {
  /** Smaller side up to which the whole matrix is decomposed; else Lanczos finds the extremes. */
  exactUpTo: z.number().int().min(0).max(3000),
  /** The error of an extreme at which it is good enough, relative to the largest value. */
  tolerance: z.number().min(1e-6).max(1),
  /** Lanczos steps at most. */
  steps: z.number().int().min(10).max(1000),
  /** Random vectors for the estimate of all values; 0 for the extremes alone. */
  probes: z.number().int().min(0).max(100),
} as const

/** Values of the Jacobian of one piece of a network. */
export const JacobianSpectrum = z.object({
  /** Values that leave and that enter, the batch in them. */
  rows: z.number().int(),
  columns: z.number().int(),
  method: z.enum(['svd', 'lanczos']),
  /** Products with it and its transpose. */
  iterations: z.number().int(),
  /** All min(rows, columns) of them, descending; null where only the extremes were found. */
  singularValues: z.instanceof(Float32Array).nullable(),
  largest: Bounded,
  /** Where it was not reached, the error is the value: it lies between 0 and there. */
  smallest: Bounded,
  /** Whether both extremes are good to the tolerance. */
  isConverged: z.boolean(),
  /** Its error is three standard errors over random vectors where it is an estimate. */
  frobenius: z.object({ value: z.number(), error: Measured }),
  /** Estimate of all values by stochastic Lanczos quadrature: share of them in each bin, 0–1, and its deviation over the probes. */
  density: z
    .object({
      edges: z.instanceof(Float64Array),
      share: z.instanceof(Float64Array),
      deviation: z.instanceof(Float64Array),
      probes: z.number().int(),
    })
    .nullable(),
})
export type JacobianSpectrum = z.infer<typeof JacobianSpectrum>

/** The images at which a network is linearised. */
const JacobianPoints = z.union([
  /** The images of a file; inference takes the one that is named. */
  z.strictObject({ file: FilePath, image: z.number().int().min(0).default(0) }),
  /** Of a data set's split the images from one on: one in inference, a batch in training. */
  z.strictObject({
    data: z.string().min(1).max(200),
    split: z.string().min(1).max(100).default('test'),
    image: z.number().int().min(0).default(0),
    count: z.number().int().min(1).max(4096).default(32),
    /** Both or neither: what the pixels are standardised by; a run's own, else the training split's where absent. */
    mean: PerChannel.optional(),
    std: PerChannel.optional(),
  }),
])

const JacobianQuestion = z.strictObject({
  /** Absent: the run's or the item's own. */
  network: NetworkChoice.optional(),
  weights: SpectraWeights,
  points: JacobianPoints,
  mode: JacobianMode.default('inference'),
  /** From what enters a unit (or `input`) to what leaves one (or `logits`); every unit by itself where absent. */
  pieces: z
    .array(z.strictObject({ from: UnitName, to: UnitName }))
    .min(1)
    .max(10_000)
    .optional(),
  /** Of blocks x + F(x) the values of F′ too. */
  withBranch: z.boolean().default(false),
  exactUpTo: search.exactUpTo.default(200),
  tolerance: search.tolerance.default(0.01),
  steps: search.steps.default(40),
  probes: search.probes.default(0),
  /** Of so many singular vectors of each block's branch, how they lie to those of the other blocks of its shape; 0 for none. */
  alignment: z.number().int().min(0).max(16).default(0),
  /** Of stem and transitions also what projection makes of them, of transitions what L2 pooling in their place does, and of dense layers what whitening does. */
  withRepairs: z.boolean().default(false),
  /** Random vectors for the norms of the partial Jacobians from the first unit on; 0 for none. */
  partialProbes: z.number().int().min(0).max(100).default(0),
})
export type JacobianQuestion = z.input<typeof JacobianQuestion>

/** One unit, transition or chain. */
export const JacobianPiece = z.object({
  /** `stage1.block2`, or `stage1.block2 to stage2.block4`. */
  name: z.string(),
  from: z.string(),
  to: z.string(),
  kind: z.enum(['stem', 'block', 'transition', 'chain']),
  spectrum: JacobianSpectrum,
  /** Of the residual branch alone, where it has one and that was asked for. */
  branch: JacobianSpectrum.nullable(),
  /** Whether the branch is added to the block's input itself. */
  hasIdentity: z.boolean(),
  /** Of a stem or a transition with its convolutions projected, at the same values, where asked; null where it has none. */
  repaired: JacobianSpectrum.nullable(),
  /** Of L2 pooling and copies of the channels in a transition's place, at the same values, where asked; null where that does not come out whole, or it is so already. */
  pooled: JacobianSpectrum.nullable(),
})
export type JacobianPiece = z.infer<typeof JacobianPiece>

/** How the singular vectors of blocks of one shape lie to each other (residual alignment, arXiv 2401.09018). Matrices are [blocks, blocks], row-major. */
export const Alignment = z.object({
  blocks: z.array(z.string()),
  /** Vectors of each that were compared. */
  vectors: z.number().int(),
  /** ‖Uᵢᵀ·Uⱼ‖²_F/k, 0–1: how much of the output directions of one lies in those of another; likewise of the input directions, and of outputs of i with inputs of j. */
  left: z.instanceof(Float32Array),
  right: z.instanceof(Float32Array),
  leftRight: z.instanceof(Float32Array),
  /** |tr(Uⱼᵀ·Jᵢ·Vⱼ)| over the sum of the k largest values of Jᵢ, 0–1: how far block i acts on the directions of j as on its own. */
  through: z.instanceof(Float32Array),
  /** The k largest values of each block, [blocks, k]. */
  values: z.instanceof(Float32Array),
})
export type Alignment = z.infer<typeof Alignment>

const Extremes = z.tuple([z.number(), z.number()])

export const JacobianAnswer = z.object({
  network: z.string(),
  weights: z.string(),
  mode: JacobianMode,
  /** Images at which it was linearised. */
  images: z.number().int(),
  pieces: z.array(JacobianPiece),
  alignment: z.array(Alignment),
  /**
   * ‖∂x_l/∂x_1‖²_F/N_l from the first unit's input to each boundary, N_l the values there (partial Jacobian norms, arXiv 2111.12143), with the
   * deviation over the probes; null where not asked.
   */
  partial: z
    .object({
      boundaries: z.array(z.string()),
      norms: z.instanceof(Float64Array),
      deviation: z.instanceof(Float64Array),
      probes: z.number().int(),
    })
    .nullable(),
  /** The largest and the smallest singular value of each dense layer, as it is and whitened, where asked. */
  whitened: z.array(z.object({ layer: z.string(), before: Extremes, after: Extremes })),
  /** Graphs that were compiled: one for each form of a piece. */
  graphs: z.number().int(),
  /** Wall clock of the engine's work, and the most memory that its process held. */
  seconds: z.number(),
  peakMb: z.number(),
})
export type JacobianAnswer = z.infer<typeof JacobianAnswer>

/** What a run's theory is asked at: images of its own data set unless told. */
const TheoryQuestion = z.strictObject({
  run: RunId,
  /** Of a checkpoint; the newest where absent. */
  step: z.number().int().min(0).optional(),
  split: z.string().min(1).max(100).default('test'),
  image: z.number().int().min(0).default(0),
  count: z.number().int().min(1).max(4096).default(32),
  mode: JacobianMode.default('inference'),
  /** c of the bound; where absent the smallest that covers the ratios of the checkpoint's epoch. */
  c: z.number().positive().max(1e6).optional(),
  tolerance: search.tolerance.default(0.01),
  steps: search.steps.default(40),
})
export type TheoryQuestion = z.input<typeof TheoryQuestion>

/** The paper's bound, the extremes of the Jacobian and the ratios that training measured, unit by unit. */
export const TheoryAnswer = JacobianAnswer.extend({
  /** L: blocks; c; and δ(L) = c·log(2L)/L, so that the bound is 1 ± δ. NaN where no ratio was measured and no c given. */
  blocks: z.number().int(),
  c: Measured,
  delta: Measured,
  /** Whether c covers that epoch by being the smallest that does. */
  isCovering: z.boolean(),
  /** The step after which the checkpoint was written. */
  step: z.number().int(),
  /** The ratios that training measured nearest to these weights: in the step that began with them, else in the last measured one before. Units in the order of the pieces. */
  measured: z.object({ step: z.number().int(), ratios: z.instanceof(Float32Array) }).nullable(),
  /** Of the pieces in their order: the ratio over the epoch that the checkpoint lies in, or the last recorded one before; null where none was measured. */
  ratios: z.array(z.object({ mean: Measured, least: Measured, greatest: Measured }).nullable()),
  /** That epoch; null where the run has none yet. */
  epoch: z.number().int().nullable(),
})
export type TheoryAnswer = z.infer<typeof TheoryAnswer>

/** Runs of which it cannot be told, and why. */
const FailedRuns = z.array(z.object({ run: RunId, problem: z.string() }))

/** σ₁ of the residual Jacobians of trained networks over their depth. */
export const DepthAnswer = z.object({
  runs: z.array(
    z.object({
      run: RunId,
      network: z.string(),
      blocks: z.number().int(),
      /** Over its blocks, the largest value of F′ of each x + F(x), of the block itself where nothing is added. */
      mean: z.number(),
      least: z.number(),
      greatest: z.number(),
      hasSkips: z.boolean(),
    }),
  ),
  /** Of log(mean σ₁) over log L, with and without skips; null for fewer than two depths. −1 is what arXiv 2401.09018 finds of trained residual nets. */
  withSkips: PowerLaw.nullable(),
  without: PowerLaw.nullable(),
  failed: FailedRuns,
})
export type DepthAnswer = z.infer<typeof DepthAnswer>

/** How far the training of some runs has moved their networks' values, on the images of their first step, in training mode. */
export const MovedAnswer = z.object({
  runs: z.array(
    z.object({
      run: RunId,
      network: z.string(),
      blocks: z.number().int(),
      /** Steps between the first weights, repaired where the run does so at the start, and those looked at, the newest checkpoint's. */
      steps: z.number().int(),
      /** Root mean square of the change: of what leaves the last unit, and of the logits. */
      stream: Measured,
      logits: Measured,
      /** Root mean square of the same before the first step. */
      streamBefore: Measured,
      logitsBefore: Measured,
    }),
  ),
  failed: FailedRuns,
})
export type MovedAnswer = z.infer<typeof MovedAnswer>

/** Jacobians of a network's pieces at real data. */
export const jacobianCalls = {
  /** All values of one piece at images of a file, or for a large one the extremes. */
  'networks.spectrum': request(
    z.strictObject({
      network: NetworkChoice,
      unit: UnitName,
      /** The piece ends with this unit, or at the `logits`; with the unit itself where absent. `unit` may be `input`. */
      to: UnitName.optional(),
      part: z.enum(['whole', 'branch']).default('whole'),
      /** A file, or the newest checkpoint of a run. */
      weights: z.union([FilePath, z.strictObject({ run: RunId, step: z.number().int().min(0).optional() })]),
      /** Which tensor of a file is which, where their order does not say. */
      map: WeightMap.optional(),
      batch: FilePath,
      mode: JacobianMode.default('inference'),
      image: z.number().int().min(0).default(0),
      exactUpTo: search.exactUpTo.default(3000),
      tolerance: search.tolerance.default(1e-3),
      steps: search.steps.default(200),
      probes: search.probes.default(8),
    }),
    JacobianSpectrum.extend({ mode: JacobianMode }),
  ),
  /** Every unit, or some pieces, at images of a data set or a file. */
  'networks.jacobians': job(JacobianQuestion, JacobianAnswer),
  /** Theory against measurement, for a run. */
  'runs.theory': job(TheoryQuestion, TheoryAnswer),
  /** The depth law over some runs, at one image of each one's test split. */
  'runs.depth-law': job(z.strictObject({ runs: z.array(RunId).min(1).max(1000) }), DepthAnswer),
  /** The change of activations over some runs: a coordinate check. */
  'runs.moved': job(z.strictObject({ runs: z.array(RunId).min(1).max(1000) }), MovedAnswer),
} as const
