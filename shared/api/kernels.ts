import { z } from 'zod'
import { FilePath } from '../file-path'
import { ClippingOutcome, KernelChange } from '../spectra/change'
import { request } from './kinds'
import { Bounded } from './networks'

const TensorName = z.string().min(1).max(1000)
/** Side of a grid of frequencies, pixels. */
const GridSide = z.number().int().min(1).max(4096)
/** The least rank that a repair found, and the full one; null where its method does not tell. */
const Range = z.tuple([z.number(), z.number()])
const RepairedTensor = z.object({
  rank: z.number().nullable(),
  fullRank: z.number(),
  /** Least and greatest singular value before and after a clipping: the support of a convolution may keep it from its interval. */
  range: z.object({ before: Range, after: Range }).nullable(),
  clipping: ClippingOutcome.nullable(),
})

/** What is asked of a kernel in a file. */
export const kernelCalls = {
  /**
   * The singular values of one kernel of a file, descending: of a convolution as it acts on size×size inputs, or of a dense kernel; of
   * an operator too large for all of them the extremes, each with what it may be off by.
   */
  'kernels.spectrum': request(
    z.strictObject({
      weights: FilePath,
      tensor: TensorName,
      size: GridSide.optional(),
      /** Wraps around, as TensorFlow's `SAME`, or so many zeros on every side. */
      padding: z.union([z.enum(['circular', 'same']), z.number().int().min(0).max(1024)]).optional(),
      stride: z.number().int().min(1).max(1024).optional(),
      groups: z.number().int().min(1).max(65_536).optional(),
      dilation: z.number().int().min(1).max(1024).optional(),
    }),
    z.union([
      z.object({ singularValues: z.instanceof(Float32Array) }),
      z.object({ largest: Bounded, smallest: Bounded, frobenius: Bounded }),
    ]),
  ),

  /** Writes a copy of a file in which one kernel is projected, whitened, clipped or scaled; a convolution's on a size×size grid. */
  'kernels.change': request(
    z.strictObject({
      weights: FilePath,
      tensor: TensorName,
      change: KernelChange,
      size: GridSide.optional(),
      groups: z.number().int().min(1).max(65_536).optional(),
      dilation: z.number().int().min(1).max(1024).optional(),
      out: FilePath,
    }),
    RepairedTensor,
  ),
} as const
