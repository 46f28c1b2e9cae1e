import { z } from 'zod'

/** Which tensor of a file stands for which parameter of a network: proposed, looked at, corrected, and kept as a file. */

const TensorName = z.string().min(1).max(1000)

export const WeightMap = z.strictObject({
  format: z.literal('normlab/weight-map'),
  version: z.literal(1),
  /** The network's name (`stem.conv.kernel`, `statistics/stem.bn.mean`) to the file's (`conv1.weight`). */
  tensors: z.record(TensorName, TensorName),
})
export type WeightMap = z.infer<typeof WeightMap>

/** What is taken of a file of weights for a network, and what is not. */
export const WeightReport = z.object({
  map: WeightMap,
  entries: z.array(
    z.object({
      parameter: z.string(),
      tensor: z.string(),
      /** As the network has it. */
      shape: z.array(z.number().int()),
      /** Whether its axes are turned from PyTorch's order: out×in×height×width, out×in. */
      isTurned: z.boolean(),
    }),
  ),
  /** Why the map should be looked at before it is used, a sentence each; none where names, order and shapes leave no doubt. */
  doubts: z.array(z.string()),
  /** Parameters without a tensor. Weights cannot be used before each has one. */
  missing: z.array(z.string()),
  /** Moving statistics without a tensor. */
  missingStatistics: z.array(z.string()),
  /** Tensors that are not taken. */
  leftOut: z.array(z.string()),
  /** What was passed over on the way to the tensors. */
  remarks: z.array(z.string()),
})
export type WeightReport = z.infer<typeof WeightReport>
