import { z } from 'zod'
import { EpochRecord, RunNotice, RunState, StepRecord, Unit } from '../records'

/** A task that ends with this status was told to leave before its end: whoever runs it may start it again, and it goes on (sysexits' EX_TEMPFAIL). */
export const CAN_GO_ON = 75

/**
 * What a task at another place writes about its run, a message of wire.ts a line, in the order in which its store took it in. Spectra come with the
 * bundle alone. The log only ever
 * grows. A line that is cut off (the task was killed over it) is none; what it was to say comes again in a later one.
 */
export const CellEvent = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('started'),
    units: z.array(Unit),
    parameters: z.number().int().nullable(),
    device: z.string().nullable(),
    versions: z.record(z.string(), z.string()),
    steps: z.number().int().min(0),
    stepsPerEpoch: z.number().int().min(0),
  }),
  z.object({
    type: z.literal('records'),
    steps: z.array(StepRecord),
    epochs: z.array(EpochRecord),
  }),
])
export type CellEvent = z.infer<typeof CellEvent>

/** A task's last word about its run, in a file of its own that is there whole or not at all. */
export const CellEnd = z.object({
  state: RunState.extract(['done', 'stopped', 'failed']),
  problem: z.object({ message: z.string(), step: z.number().optional(), unit: z.string().optional() }).nullable(),
  notices: z.array(RunNotice),
  /** The run's bundle beside it; null where the task could make none. */
  bundle: z.object({ bytes: z.number().int().min(0), sha256: z.string().regex(/^[0-9a-f]{64}$/) }).nullable(),
})
export type CellEnd = z.infer<typeof CellEnd>
