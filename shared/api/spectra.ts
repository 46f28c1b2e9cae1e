import { z } from 'zod'
import { InitialWeights } from '../initial-weights'
import { FilePath } from '../file-path'
import { ItemId, ItemName } from '../library'
import { Measured, Unit } from '../records'
import { ClippingOutcome, KernelChange } from '../spectra/change'
import { job } from './kinds'
import { WeightsPlace } from './network-test'
import { Bounded, NetworkChoice } from './networks'

/** Points of `quantiles`: from the largest value to the smallest. */
export const QUANTILES = 51

/** How a layer's operator is looked at: as it wraps around, as it pads its inputs, as a plain matrix, or as a scale a channel. */
const Acts = z.enum(['circular', 'padded', 'matrix', 'scale'])

const SpectrumSummary = z.object({
  count: z.number(),
  largest: Measured,
  smallest: Measured,
  median: Measured,
  frobenius: Measured,
  condition: Measured,
  stableRank: Measured,
  effectiveRank: Measured,
  entropy: Measured,
  withinOne: Measured,
  isometryDistance: Measured,
})

/** A linear layer as the operator that it is at its input's size. */
export const LayerSpectrum = z.object({
  /** `stage1.block2.conv1`. */
  name: z.string(),
  unit: z.string().nullable(),
  kind: z.enum(['convolution', 'dense', 'batch-norm']),
  /** [kh, kw, in / groups, out], [in, out] or [channels]. */
  kernel: z.array(z.number()),
  /** Height and width of what enters; empty for a dense layer. */
  input: z.array(z.number()),
  stride: z.number(),
  dilation: z.number(),
  groups: z.number(),
  padding: z.union([z.enum(['same', 'circular']), z.number()]),
  acts: Acts,
  /** Null where not all values were found: then `extremes` has some. */
  summary: SpectrumSummary.nullable(),
  extremes: z.object({ largest: Bounded, smallest: Bounded, frobenius: Bounded }).nullable(),
  quantiles: z.instanceof(Float32Array),
  /** All of them, descending, where asked; each `times` times. */
  values: z.instanceof(Float32Array).nullable(),
  times: z.number(),
  /** ‖circular − padded‖_F/‖circular‖_F of a convolution, 0–1: how much of it lies at the edges. */
  edgeShare: Measured.nullable(),
  /** An upper bound of the largest value by Gram iteration, where asked, for what wraps around. */
  gramBound: Measured.nullable(),
})
export type LayerSpectrum = z.infer<typeof LayerSpectrum>

/** The weights of a network: a file's, a checkpoint's of a run (its newest unless told), an item's of the library, or initial values. */
export const SpectraWeights = z.union([
  ...WeightsPlace.options,
  InitialWeights.extend({ seed: InitialWeights.shape.seed.unwrap() }),
])
export type SpectraWeights = z.input<typeof SpectraWeights>

const SpectraQuestion = z.strictObject({
  /** Absent: the run's or the item's own. */
  network: NetworkChoice.optional(),
  weights: SpectraWeights,
  /** Weights of the same network that are taken off those first: the spectra are of the change between the two. */
  less: SpectraWeights.optional(),
  /** Of these layers alone, by name. */
  layers: z.array(z.string().min(1).max(1000)).min(1).max(100_000).optional(),
  /** Convolutions as they wrap around, which is quick; or as they pad, which takes seconds a layer. */
  padding: z.enum(['circular', 'own']).default('circular'),
  /** Half of the interval around 1 in which `withinOne` counts. */
  delta: z.number().min(0).max(1e6).default(0.1),
  withValues: z.boolean().default(false),
  withBound: z.boolean().default(false),
})

export const SpectraAnswer = z.object({
  network: z.string(),
  /** What the weights are called. */
  weights: z.string(),
  layers: z.array(LayerSpectrum),
  /** How many operators were computed, how many were equal to another, and how many were known from before. */
  computed: z.number(),
  equal: z.number(),
  cached: z.number(),
  /** Wall clock of the engine's work, and the most memory that its process held. */
  seconds: z.number(),
  peakMb: z.number(),
  /** What was left out, for people. */
  notes: z.array(z.string()),
})
export type SpectraAnswer = z.infer<typeof SpectraAnswer>

/** What a change of one layer comes to. */
const LayerChangeQuestion = z.strictObject({
  network: NetworkChoice.optional(),
  weights: SpectraWeights,
  /** A convolution or a dense layer, by name. */
  layer: z.string().min(1).max(1000),
  change: KernelChange,
  /** A data set on which ratios are measured (its training split) and the accuracy (`split`), before and after. */
  data: z.string().min(1).max(200).optional(),
  split: z.string().min(1).max(100).default('test'),
  /** Keeps the changed weights, with the network, in the library under this name. */
  keep: ItemName.optional(),
  /** Writes the changed weights, moving statistics with them, as safetensors. */
  out: FilePath.optional(),
})

const Scores = z.object({ accuracy: z.number(), loss: Measured })

export const LayerChangeAnswer = z.object({
  before: LayerSpectrum,
  after: LayerSpectrum,
  /** The least rank that was found on the way (null where it is not told), and the full one. */
  rank: z.number().nullable(),
  fullRank: z.number(),
  /** Of a convolution that was clipped: cropping it to its taps puts values out of the interval again. */
  clipping: ClippingOutcome.nullable(),
  /** Of each unit, in forward order, on one batch in training mode. */
  ratios: z.object({ units: z.array(Unit), before: z.instanceof(Float32Array), after: z.instanceof(Float32Array) }).nullable(),
  /** ‖g_1‖/‖g_end‖ there. */
  chain: z.object({ before: Measured, after: Measured }).nullable(),
  test: z.object({ before: Scores, after: Scores }).nullable(),
  /** The item of the library that has the changed weights, where they were kept. */
  item: ItemId.nullable(),
})
export type LayerChangeAnswer = z.infer<typeof LayerChangeAnswer>

/** Singular values of all linear layers of a network, and changes of them. */
export const spectraCalls = {
  'kernels.spectra': job(SpectraQuestion, SpectraAnswer),
  /** Projects, whitens, clips or scales one layer: its spectrum, the ratios and the accuracy before and after. */
  'kernels.change-layer': job(LayerChangeQuestion, LayerChangeAnswer),
} as const
