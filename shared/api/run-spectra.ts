import { z } from 'zod'
import { RunId } from '../run-id'
import { SpectraRecord } from '../spectra/live'
import { request, subscription } from './kinds'

/** A layer whose spectrum a run follows. */
export const FollowedLayer = z.object({
  /** `stage1.block2.conv1`. */
  name: z.string(),
  unit: z.string().nullable(),
  kind: z.enum(['convolution', 'dense']),
  /** [kh, kw, in / groups, out] or [in, out]. */
  kernel: z.array(z.number()),
})
export type FollowedLayer = z.infer<typeof FollowedLayer>

export const RunSpectra = z.object({
  /** In the order of the forward pass; none where the run looks at no spectra. */
  layers: z.array(FollowedLayer),
  /** In the order of their steps. */
  records: z.array(SpectraRecord),
  /** The greatest part of the machine's processor time that they may take, and what they took of it while at work; null before the first. */
  share: z.number(),
  taken: z.number().nullable(),
})
export type RunSpectra = z.infer<typeof RunSpectra>

/** Spectra of a run's layers while it trains (shared/settings/spectra.ts). */
export const runSpectraCalls = {
  /** What is stored, after a step where one is told. */
  'runs.spectra': request(z.strictObject({ run: RunId, after: z.number().int().min(-1).default(-1) }), RunSpectra),
  /** New ones as they come, at most ten times a second. */
  'runs.watch-spectra': subscription(z.strictObject({ run: RunId }), z.object({ records: z.array(SpectraRecord) })),
} as const
