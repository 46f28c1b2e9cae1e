import { z } from 'zod'
import { LabSettings } from '../lab-settings'
import { job, nothing, request } from './kinds'

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

/** How a self-test ended. */
export const SelfTest = z.object({
  /** Of the NormLab that was tested. */
  version: z.string(),
  at: z.string(),
  /** Which engine was tested, as `Engines.used` tells. */
  engine: z.string(),
  ok: z.boolean(),
  checks: z.array(Check),
})
export type SelfTest = z.infer<typeof SelfTest>

export const RepairReport = z.object({
  /** What was done, a sentence each. */
  did: z.array(z.string()),
  /** The self-test behind it. */
  test: SelfTest,
})
export type RepairReport = z.infer<typeof RepairReport>

/** What is asked of the lab as a whole. */
export const labCalls = {
  /** What whoever helps needs to know, as one text without names, paths and tokens. */
  'lab.diagnostics': request(nothing, z.strictObject({ text: z.string() })),
  /** The machine's limits as they were measured, null where they never were; and why that cannot be done now, a sentence. */
  'lab.limits': request(nothing, z.strictObject({ limits: MachineLimits.nullable(), refusal: z.string().nullable() })),
  /** Measures them, some seconds. @throws UserError where a run goes on here, which both would slow down, or began meanwhile. */
  'lab.measure-limits': job(nothing, MachineLimits),
  /** Tests files, engine, store and pages: some seconds, and a large store more. */
  'lab.self-test': job(nothing, SelfTest),
  /** How the last one ended; null where there was none. */
  'lab.last-self-test': request(nothing, SelfTest.nullable()),
  /** Mends what can be mended without a new installation, and tests again. */
  'lab.repair': job(nothing, RepairReport),
  'lab.doctor': request(nothing, z.object({ checks: z.array(Check) })),

  /** Why nothing can be written to the data folder, a sentence; null where it can. */
  'lab.refusal': request(nothing, z.strictObject({ refusal: z.string().nullable() })),
  'lab.settings': request(nothing, LabSettings),
  'lab.configure': request(LabSettings.partial(), LabSettings),
} as const
