import { z } from 'zod'
import { FilePath } from '../file-path'
import { ItemId } from '../library'
import { Measured } from '../records'
import { RunId } from '../run-id'
import { WeightMap } from '../weight-map'
import { job } from './kinds'
import { NetworkChoice } from './networks'

/** Weights that lie somewhere: in a file, in a run's checkpoint (its newest unless told), or with an item of the library. A run's and an item's have their network with them. */
export const WeightsPlace = z.union([
  /** A file of a form that is known, and which of its tensors is which where its own order does not say. */
  z.strictObject({ file: FilePath, map: WeightMap.optional() }),
  z.strictObject({ run: RunId, step: z.number().int().min(0).optional() }),
  z.strictObject({ item: ItemId }),
])
export type WeightsPlace = z.infer<typeof WeightsPlace>

/** Of each channel, pixels as 0–1. */
export const PerChannel = z.array(z.number().min(-1e6).max(1e6)).min(1).max(1024)

const NetworkTest = z.strictObject({
  /** Absent: the run's or the item's own. */
  network: NetworkChoice.optional(),
  weights: WeightsPlace,
  data: z.string().min(1).max(200),
  split: z.string().min(1).max(100).default('test'),
  /**
   * Both or neither: what the pixels are standardised by. Absent, a run's are those that it trained with; others take those of the set's
   * training split.
   */
  mean: PerChannel.optional(),
  std: PerChannel.optional(),
  /** Whether the logits of each image are told too. */
  withLogits: z.boolean().default(false),
  threads: z.number().int().min(1).optional(),
})

/** How a network with given weights does on a split, by moving statistics. */
export const NetworkTestResult = z.object({
  network: z.string(),
  data: z.string(),
  split: z.string(),
  images: z.number().int(),
  /** Share classified right, 0–1. */
  accuracy: z.number(),
  /** Mean cross-entropy, nats. */
  loss: Measured,
  /** In the order of the set's classes. */
  classes: z.array(
    z.object({
      name: z.string(),
      /** Images of it; taken for it; both. */
      count: z.number().int(),
      predicted: z.number().int(),
      right: z.number().int(),
      precision: z.number().nullable(),
      recall: z.number().nullable(),
    }),
  ),
  /** Images of the row's class that were taken for the column's, row-major; null for more than a thousand classes. */
  confusion: z.instanceof(Int32Array).nullable(),
  /** Image by image, in the order of the split: its class, what it was taken for, its cross-entropy in nats. */
  labels: z.instanceof(Int32Array),
  predictions: z.instanceof(Int32Array),
  losses: z.instanceof(Float32Array),
  /** [images, classes], where asked. */
  logits: z.instanceof(Float32Array).nullable(),
  /**
   * Without the images that have a copy in the set's `train`, as the checks on record have it; null where copies were not looked for. With
   * none, what they are of all images; null each where every image has one.
   */
  withoutCopies: z.object({ copies: z.number().int(), accuracy: z.number().nullable(), loss: z.number().nullable() }).nullable(),
  /** What the pixels were standardised by; null for nothing. */
  mean: z.array(z.number()).nullable(),
  std: z.array(z.number()).nullable(),
  /** What was left out of the weights' file and assumed of it, a sentence each. */
  remarks: z.array(z.string()),
})
export type NetworkTestResult = z.infer<typeof NetworkTestResult>

/** Given weights on a split. */
export const networkTestCalls = {
  'networks.test': job(NetworkTest, NetworkTestResult),
} as const
