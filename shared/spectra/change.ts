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
  z.strictObject({
    kind: z.literal('clip'),
    interval: Interval,
    /** Times that a convolution's kernel is cropped to its taps and clipped again, at most; it ends where its values lie in the interval. */
    rounds: z.number().int().min(1).max(1000).default(30),
  }),
  /** All singular values times the factor. */
  z.strictObject({ kind: z.literal('scale'), factor: z.number().positive().max(1e6) }),
])
export type KernelChange = z.infer<typeof KernelChange>

/** What became of a convolution's kernel that was clipped: cropping it to its taps puts values out of the interval again. */
export const ClippingOutcome = z.object({
  rounds: z.number().int(),
  /** Least and greatest singular value on its grid of frequencies at the end. */
  least: z.number(),
  greatest: z.number(),
  /** Share of the values that lie outside, 0–1. */
  outside: z.number(),
})
export type ClippingOutcome = z.infer<typeof ClippingOutcome>

/** `Clipped in 12 rounds: all of its singular values lie in the interval.` @param show How a number is written. */
export function clippingWords({ rounds, least, greatest, outside }: ClippingOutcome, show: (value: number) => string): string {
  const done = `Clipped in ${rounds} round${rounds === 1 ? '' : 's'}`
  if (outside === 0) return `${done}: all of its singular values lie in the interval.`
  const share = outside < 0.001 ? 'less than 0.1 %' : `${(100 * outside).toFixed(1)} %`
  return `${done}: ${share} of its singular values still lie outside, as so few taps let them; they go from ${show(least)} to ${show(greatest)}.`
}

/** `clipped to 0.5–2`. */
export function changeWords(change: z.input<typeof KernelChange>): string {
  if (change.kind === 'clip') return `clipped to ${change.interval[0]}–${change.interval[1]}`
  if (change.kind === 'scale') return `times ${change.factor}`
  return change.kind === 'project' ? 'projected' : 'whitened'
}
