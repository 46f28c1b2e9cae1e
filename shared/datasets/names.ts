import { z } from 'zod'

/** A data set's name: also a folder's, in part. */
export const DatasetName = z
  .string()
  .trim()
  .min(1)
  .max(100)
  .regex(/^[^/\\:*?"<>|\p{Cc}]+$/u, 'must have no slash, colon, quote or control character')

/** What a split is called: `train`, `validation`, `test`, or what its files call it. */
export const SplitName = z.string().min(1).max(100)
