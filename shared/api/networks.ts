import { z } from 'zod'
import { NetworkDocument } from '../architecture/document'
import { Configuration } from '../configuration'
import { FilePath } from '../file-path'
import { InitialEvent, InitialQuestion } from '../initial-measures'
import { Measured, Unit } from '../records'
import { WeightMap } from '../weight-map'
import { nothing, request, subscription } from './kinds'

export const PresetInfo = z.object({
  /** `proc-resnet`. */
  name: z.string(),
  title: z.string(),
  /** One sentence: what it is, and from which paper. */
  description: z.string(),
  /** An example that is ready to train: `proc-resnet:blocks=3`. */
  example: z.string(),
  options: z.array(z.object({ name: z.string(), description: z.string(), default: z.string() })),
  /** How depth counts: `9n+4`; absent where the preset takes none. */
  depth: z.string().optional(),
  /** The repairs that the preset's paper trains it with. */
  recommended: z.object({
    projection: z.enum(['none', 'transitions']),
    whitening: z.boolean(),
    nesterov: z.boolean(),
    init: z.enum(['he-fan-in', 'he-fan-out', 'glorot-uniform']),
  }),
})
export type PresetInfo = z.infer<typeof PresetInfo>

export const NetworkSummary = z.object({
  name: z.string(),
  document: NetworkDocument,
  /** Layers after expansion, and units measured. */
  nodes: z.number(),
  blocks: z.number(),
  parameters: z.number(),
  /** Of one image's forward pass; a multiply-add counts as two. */
  flops: z.number(),
  units: z.array(Unit),
  /** Every layer after expansion; shapes are height, width, channels, or features. */
  layers: z.array(
    z.object({ name: z.string(), kind: z.string(), shape: z.array(z.number()), parameters: z.number(), flops: z.number() }),
  ),
})
export type NetworkSummary = z.infer<typeof NetworkSummary>

export const NetworkChoice = z.union([z.string().min(1).max(500), NetworkDocument])

/** A value, and what it may be off by. */
export const Bounded = z.object({ value: z.number(), error: z.number() })

/** Presets, and what is asked of a network. */
export const networkCalls = {
  'presets.list': request(nothing, z.array(PresetInfo)),
  'networks.inspect': request(z.strictObject({ network: NetworkChoice, dataset: z.string().optional() }), NetworkSummary),
  'networks.evaluate': request(
    z.strictObject({
      network: NetworkChoice,
      weights: FilePath,
      /** Which tensor of it is which, where their order does not say. */
      map: WeightMap.optional(),
      batch: FilePath,
      out: FilePath,
      threads: z.number().int().min(1).optional(),
    }),
    z.object({ loss: Measured, units: z.array(Unit), norms: z.instanceof(Float32Array), ratios: z.instanceof(Float32Array) }),
  ),
  'networks.replay': request(
    z.strictObject({
      network: NetworkChoice,
      weights: FilePath,
      /** Which tensor of it is which, where their order does not say. */
      map: WeightMap.optional(),
      batches: FilePath,
      out: FilePath,
      rate: z.number(),
      momentum: z.number(),
      nesterov: z.boolean(),
      weightDecay: z.number(),
      projection: Configuration.shape.training.unwrap().shape.projection,
      whitening: z.boolean(),
      clip: Configuration.shape.training.unwrap().shape.clip,
      threads: z.number().int().min(1).optional(),
    }),
    z.object({ losses: z.instanceof(Float32Array), steps: z.number() }),
  ),

  /**
   * Ratios of a network as it is initialised, measured in the background; letting go ends the work. Without and with the paper's
   * projection.
   */
  'networks.initial': subscription(InitialQuestion.extend({ network: NetworkChoice }), InitialEvent),
} as const
