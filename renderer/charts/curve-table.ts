import { shortestSingle } from '../../shared/float32'
import type { Curve } from './curve-option'
import { column, type TableColumn, type TableContent } from './table-content'

/** Newest rows that a table lists; the file has them all. */
const MOST_ROWS = 500

/** A value that was not measured, or one of single precision in the fewest digits that say it. */
export function toldValue(value: number | undefined): number | null {
  if (value === undefined || Number.isNaN(value)) return null
  return Math.fround(value) === value ? shortestSingle(value) : value
}

/**
 * What a chart of curves shows: its axis, each of its curves and their bands, a row a place. All of it from the first on, or the newest
 * rows up to a place.
 *
 * @param title What the values of a lone curve are called; several have their own names.
 */
export function curveTable(
  curves: readonly Curve[],
  title: string,
  x: TableColumn,
  { all = false, upTo = null as number | null } = {},
): TableContent {
  const columns = curves.flatMap(({ name, band, format }) => {
    const told = curves.length > 1 ? name : title
    return [column(told, format), ...(band ? [column(`${told}, low`, format), column(`${told}, high`, format)] : [])]
  })
  const made = placed(curves, columns.length).filter(({ cells }) => cells.some((cell) => cell !== null))
  const known = upTo === null || all ? made : made.filter(({ at }) => at <= upTo)
  const shown = all ? known : known.slice(-MOST_ROWS).reverse()
  return {
    columns: [x, ...columns],
    rows: shown.map(({ at, cells }) => [at, ...cells]),
    ...(shown.length < made.length ? { note: `${shown.length} of ${made.length} rows; the CSV file has all.` } : {}),
  }
}

interface Row {
  readonly at: number
  readonly cells: (number | null)[]
}

/** All curves' values by their place. Curves of one column of places go row by row, since over time several steps may have one place. */
function placed(curves: readonly Curve[], width: number): Row[] {
  const shared = curves.find(({ style }) => style === 'line')?.x ?? []
  const empty = (at: number): Row => ({ at, cells: Array<number | null>(width).fill(null) })
  const rows = Array.from(shared, empty)
  const byPlace = new Map(rows.map((row) => [row.at, row]))
  let first = 0
  for (const { x, y, band } of curves) {
    const values = band ? [y, band.low, band.high] : [y]
    for (let i = 0; i < x.length; i++) {
      let row = x === shared ? rows[i]! : byPlace.get(x[i]!)
      if (!row) {
        row = empty(x[i]!)
        rows.push(row)
        byPlace.set(row.at, row)
      }
      for (const [which, column] of values.entries()) row.cells[first + which] = toldValue(column[i])
    }
    first += values.length
  }
  return rows.sort((a, b) => a.at - b.at)
}
