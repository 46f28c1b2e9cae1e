import { z } from 'zod'
import { FilePath } from '../file-path'
import { RunId } from '../run-id'
import { request } from './kinds'

/** What a program that trains elsewhere says to a lab while it does (recorder/normlab_recorder.py). JSON, as Python writes it. */

/** A number; null for one that is none, since JSON lacks it. */
const Told = z
  .union([z.number(), z.literal('Infinity'), z.literal('-Infinity')])
  .nullable()
  .transform((value) => (value === null ? NaN : Number(value)))
const share = Told.refine((value) => Number.isNaN(value) || (value >= 0 && value <= 1), 'must be from 0 to 1')
const notNegative = Told.refine((value) => !(value < 0), 'must be 0 or more')
const count = z.number().int().min(1).max(100_000_000)
/** Boundaries that a step has at most. */
const MOST_BOUNDARIES = 1_000_000

/** Little-endian 32-bit floats in base64; none of them negative. */
const Norms = z
  .base64()
  .max(Math.ceil((4 * MOST_BOUNDARIES) / 3) * 4)
  .transform((text, context) => {
    const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0))
    if (bytes.length % 4 !== 0) context.addIssue({ code: 'custom', message: 'must be whole 32-bit floats' })
    const view = new DataView(bytes.buffer)
    const norms = Float32Array.from({ length: Math.floor(bytes.length / 4) }, (_, i) => view.getFloat32(4 * i, true))
    if (norms.some((norm) => norm < 0)) context.addIssue({ code: 'custom', message: 'must be 0 or more' })
    return norms
  })

const RecordedStep = z.strictObject({
  ...{ step: count, epoch: count, loss: Told, accuracy: share, rate: notNegative, ms: notNegative },
  gradientNorm: notNegative,
  /** When, milliseconds since 1970. */
  at: z.number().min(0).max(8.64e15),
  /** At each boundary, or none where the step was not measured. */
  norms: Norms,
})
const RecordedEpoch = z.strictObject({
  ...{ epoch: count, firstStep: count, lastStep: count, tested: z.boolean() },
  ...{ testLoss: Told, testAccuracy: share, seconds: notNegative },
})
const RecordedNote = z.strictObject({
  step: z.number().int().min(0).max(100_000_000),
  unit: z.number().int().min(0).nullable(),
  text: z.string().min(1).max(2000),
  at: z.iso.datetime(),
})

/** How far the lab has come with the run: the recorder goes on from there, whatever was lost on the way. */
const Progress = z.object({
  run: RunId,
  step: z.number().int(),
  epoch: z.number().int(),
  /** Steps after which it has weights. */
  weights: z.array(z.number().int()),
})

export const recordedRunCalls = {
  /** Makes the run of a session, or goes on with it. Steps and epochs that the lab has already are passed over. */
  'runs.record': request(
    z.strictObject({
      /** As in a bundle (store/bundle-format.ts), with the session in its origin. */
      manifest: z.record(z.string(), z.unknown()),
      steps: z.array(RecordedStep).max(2000),
      epochs: z.array(RecordedEpoch).max(2000),
      notes: z.array(RecordedNote).max(1000),
    }),
    Progress,
  ),
  /** Weights that a recorder kept after a step, as a file. */
  'runs.record-weights': request(
    z.strictObject({
      session: z.string().regex(/^[0-9a-f]{32}$/),
      step: z.number().int().min(0).max(100_000_000),
      file: FilePath,
    }),
    Progress,
  ),
} as const
