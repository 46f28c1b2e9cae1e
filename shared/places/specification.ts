import { z } from 'zod'
import { Configuration } from '../configuration'

/** What a grid of runs is on its way to a place: JSON with a version, one cell a task. */
export const CellSpecification = z.object({
  name: z.string().min(1).max(200),
  configuration: Configuration,
})
export type CellSpecification = z.infer<typeof CellSpecification>

export const CELLS_FORMAT = 'normlab/cells'
export const CELLS_VERSION = 1

export const GridSpecification = z.object({
  format: z.literal(CELLS_FORMAT),
  version: z.literal(CELLS_VERSION),
  /** The grid's own word: 16 hexadecimal digits. */
  grid: z.string().regex(/^[0-9a-f]{16}$/),
  cells: z.array(CellSpecification).min(1).max(100_000),
})
export type GridSpecification = z.infer<typeof GridSpecification>
