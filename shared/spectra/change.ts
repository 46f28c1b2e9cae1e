import { z } from 'zod'

/** Least and greatest singular value that are wished. */
const Interval = z
  .tuple([z.number().min(0).max(1e6), z.number().positive().max(1e6)])
  .refine(([least, greatest]) => least <= greatest, 'must be the least and the greatest value, in this order')

/** What can be done to a layer's kernel. */
export const KernelChange = z.discriminatedUnion('kind', [
  /** A convolution: all singular values as equal as its support allows, sqrt(out/in) (arXiv 1805.07477v5, section 5). */
  z.strictObject({ kind: z.literal('project'), method: z.enum(['svd', 'newton-schulz']).default('svd') }),
  /** A dense kernel: all singular values 1 (the paper's first version). */
  z.strictObject({ kind: z.literal('whiten') }),
  /** Singular values outside of the interval are put on its edge (Sedghi, Gupta, Long 2019, section 3). */
  z.strictObject({ kind: z.literal('clip'), interval: Interval }),
  /** All singular values times the factor. */
  z.strictObject({ kind: z.literal('scale'), factor: z.number().positive().max(1e6) }),
])
export type KernelChange = z.infer<typeof KernelChange>

/** `clipped to 0.5–2`. */
export function changeWords(change: KernelChange): string {
  if (change.kind === 'clip') return `clipped to ${change.interval[0]}–${change.interval[1]}`
  if (change.kind === 'scale') return `times ${change.factor}`
  return change.kind === 'project' ? 'projected' : 'whitened'
}
