import { z } from 'zod'
import { RunId } from '../run-id'
import { parallelRuns } from '../settings/lab'
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

/** What holds for all runs of a data folder. */
export const LabSettings = z.strictObject({
  /** Runs that train at the same time. */
  parallelRuns: parallelRuns.schema.unwrap(),
  /** The run that the others are compared with. */
  baseline: RunId.nullable(),
})
export type LabSettings = z.infer<typeof LabSettings>

/** What is asked of the lab as a whole. */
export const labCalls = {
  /** What whoever helps needs to know, as one text without names, paths and tokens. */
  'lab.diagnostics': request(nothing, z.strictObject({ text: z.string() })),
  'lab.doctor': request(nothing, z.object({ checks: z.array(Check) })),

  /** Why nothing can be written to the data folder, a sentence; null where it can. */
  'lab.refusal': request(nothing, z.strictObject({ refusal: z.string().nullable() })),
  'lab.settings': request(nothing, LabSettings),
  'lab.configure': request(LabSettings.partial(), LabSettings),
} as const
