import { z } from 'zod'
import { RunId } from '../run-id'
import { nothing, request } from './kinds'

/** What a run takes of the disk, bytes. */
export const RunDisk = z.object({
  run: RunId,
  name: z.string(),
  /** Its records in the store, about. */
  records: z.number(),
  checkpoints: z.number(),
  /** Of the checkpoints, what `runs.free` would give back: all but the newest, and the best where it is kept. */
  spare: z.number(),
  isDeleted: z.boolean(),
})
export type RunDisk = z.infer<typeof RunDisk>

/** What a part of the data folder takes. */
const DiskPart = z.object({ name: z.string(), files: z.number().int(), bytes: z.number(), says: z.string() })

export const DiskUse = z.object({
  /** The data folder. */
  home: z.string(),
  /** Largest first. */
  runs: z.array(RunDisk),
  parts: z.array(DiskPart),
  total: z.number(),
  /** Of the disk; null where the system does not tell. */
  free: z.number().nullable(),
})
export type DiskUse = z.infer<typeof DiskUse>

/** Whether the store is whole. */
export const StoreFindings = z.object({
  runs: z.number().int(),
  /** What is wrong, a sentence each; none where all is whole. */
  problems: z.array(z.string()),
  /** What to do about it; null where nothing is wrong. */
  remedy: z.string().nullable(),
})
export type StoreFindings = z.infer<typeof StoreFindings>

const Freed = z.strictObject({ bytes: z.number() })

/** What the data folder takes, and how some of it is given back. */
export const diskCalls = {
  'disk.use': request(nothing, DiskUse),
  /** Removes the checkpoints of runs that are not going on, but for the newest, from which each can go on, and the best where it is kept. */
  'disk.free': request(z.strictObject({ runs: z.array(RunId).min(1).max(100_000) }), Freed),
  /** Looks through all pages of the store and all runs, as `normlab store check` does; nothing is changed. */
  'disk.check': request(nothing, StoreFindings),
  /** Removes what is computed again when it is asked for. */
  'disk.clear-caches': request(nothing, Freed),
} as const
