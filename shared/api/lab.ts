import { z } from 'zod'
import { LabSettings } from '../lab-settings'
import { nothing, request } from './kinds'

export const Check = z.object({
  name: z.string(),
  ok: z.boolean(),
  /** True where most works without it. */
  optional: z.boolean().optional(),
  detail: z.string(),
  remedy: z.string().optional(),
})
export type Check = z.infer<typeof Check>

/** What the machine reaches in TensorFlow on its processor, single precision, measured once. */
export const MachineLimits = z.object({
  /** Floating-point operations a second in products of matrices; a multiply-add counts as two. */
  flopsPerSecond: z.number(),
  /** Bytes a second that an operation on long vectors reads and writes. */
  bytesPerSecond: z.number(),
  threads: z.number().int(),
  /** Model of the processor that it was measured on; on another one it says nothing. */
  processor: z.string(),
  at: z.string(),
})
export type MachineLimits = z.infer<typeof MachineLimits>

/** What is asked of the lab as a whole. */
export const labCalls = {
  /** What whoever helps needs to know, as one text without names, paths and tokens. */
  'lab.diagnostics': request(nothing, z.strictObject({ text: z.string() })),
  /** The machine's limits as they were measured; null where they never were. */
  'lab.limits': request(nothing, MachineLimits.nullable()),
  /** Measures them, some seconds. @throws UserError while a run goes on here, which both would slow down. */
  'lab.measure-limits': request(nothing, MachineLimits),
  'lab.doctor': request(nothing, z.object({ checks: z.array(Check) })),

  /** Why nothing can be written to the data folder, a sentence; null where it can. */
  'lab.refusal': request(nothing, z.strictObject({ refusal: z.string().nullable() })),
  'lab.settings': request(nothing, LabSettings),
  'lab.configure': request(LabSettings.partial(), LabSettings),
} as const
