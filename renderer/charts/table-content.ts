import type { CsvCell } from '../../shared/csv'
import { plainNumber } from '../ui/format'

export interface TableColumn {
  readonly name: string
  /** How the page writes a number of this column; files and copies have all of its digits. */
  readonly show?: (value: number) => string
  /** Words stand at the left, numbers at the right. */
  readonly isText?: boolean
}

/** The numbers behind a chart, as they are. What was not measured is null. */
export interface TableContent {
  readonly columns: readonly TableColumn[]
  /** A row's first cell heads it. */
  readonly rows: readonly (readonly CsvCell[])[]
  /** What the table leaves out, if anything. */
  readonly note?: string
}

/** A column of words. */
export const words = (name: string): TableColumn => ({ name, isText: true })
/** A column of whole numbers. */
export const whole = (name: string): TableColumn => ({ name, show: String })
/** A column of numbers, as the page writes them. */
export const column = (name: string, show?: (value: number) => string): TableColumn => ({ name, ...(show && { show }) })

/** A cell as the page shows it. */
export function shownCell(cell: CsvCell, { show = plainNumber }: TableColumn): string {
  if (cell === null || cell === undefined) return '–'
  return typeof cell === 'number' ? show(cell) : String(cell)
}

/** Of a column that has NaN where nothing was measured. */
export function measured(value: number | undefined): number | null {
  return value === undefined || Number.isNaN(value) ? null : value
}
