import { z } from 'zod'
import { job } from './kinds'

/** A value of an answer; what SQLite has as bytes comes as hexadecimal digits. */
const Cell = z.union([z.string(), z.custom<number>((value) => typeof value === 'number', 'must be a number'), z.null()])

export const QueryAnswer = z.object({
  columns: z.array(z.string()),
  rows: z.array(z.array(Cell)),
  /** Whether there are more rows than were asked for. */
  isCut: z.boolean(),
})
export type QueryAnswer = z.infer<typeof QueryAnswer>

/** Questions in SQL about the store, in tables of a shape that stays (docs/query.md). */
export const queryCalls = {
  /** Reads alone, in a process of its own, which is ended when its time is up. */
  'store.query': job(
    z.strictObject({
      sql: z.string().min(1).max(100_000),
      /** Most rows of the answer. */
      rows: z.number().int().min(1).max(10_000_000).default(10_000),
      /** Longest time, seconds. */
      seconds: z.number().positive().max(86_400).default(60),
    }),
    QueryAnswer,
  ),
} as const
