import { SCALAR_COLUMNS } from './scalars'
import type { Store } from './store'

/** Steps of a stretch: those from n·STRETCH + 1 to (n + 1)·STRETCH. */
export const STRETCH = 4096

/** Counts up whenever the form of the bytes changes; a stretch of another layout is made anew. */
const LAYOUT = 1

/** Columns that need double precision; they come first in a stretch. The others are single, as they were measured. */
const DOUBLES = ['step', 'epoch', 'at']
const NAMES = SCALAR_COLUMNS.split(', ')
const ORDER = [...DOUBLES, ...NAMES.filter((name) => !DOUBLES.includes(name))]

export type Columns = ReadonlyMap<string, Float64Array | Float32Array>

/** All of a run's scalars as columns: whole stretches from their packed form, which is made where it is missing, the rest from rows. */
export function readColumns(store: Store, run: number): Columns {
  const packed = new Map(
    (
      store.query('SELECT stretch, data FROM packed_curves WHERE run = ? AND layout = ?', [run, LAYOUT]) as {
        stretch: number
        data: ArrayBuffer
      }[]
    ).map(({ stretch, data }) => [stretch, data]),
  )
  const parts: Columns[] = []
  const last = store.steps.lastNumber(run)
  for (let stretch = 0; stretch * STRETCH < last; stretch++) {
    const data = packed.get(stretch)
    if (data) {
      parts.push(unpack(data))
      continue
    }
    const rows = readRows(store, run, stretch)
    parts.push(rows)
    if (!store.refusal && isWhole(rows, stretch, last)) savePacked(store, run, stretch, rows)
  }
  return joined(parts)
}

/** A stretch is whole once the run has gone beyond it. */
function isWhole(rows: Columns, stretch: number, last: number): boolean {
  return last >= (stretch + 1) * STRETCH && (rows.get('step')?.length ?? 0) > 0
}

function savePacked(store: Store, run: number, stretch: number, columns: Columns): void {
  const bytes = Buffer.concat(
    ORDER.map((name) => {
      const { buffer, byteOffset, byteLength } = columns.get(name)!
      return Buffer.from(buffer, byteOffset, byteLength)
    }),
  )
  store.change('INSERT OR REPLACE INTO packed_curves (run, stretch, layout, data) VALUES (?, ?, ?, ?)', [
    run,
    stretch,
    LAYOUT,
    bytes,
  ])
}

/** Packs the stretches that a bundle of steps has completed. */
export function packCompleted(store: Store, run: number, firstStep: number, lastStep: number): void {
  for (let stretch = Math.floor((firstStep - 1) / STRETCH); (stretch + 1) * STRETCH <= lastStep; stretch++)
    savePacked(store, run, stretch, readRows(store, run, stretch))
}

/** Lets go of what was packed from a step on: its rows have changed. */
export function unpackFrom(store: Store, run: number, step: number): void {
  store.change('DELETE FROM packed_curves WHERE run = ? AND stretch >= ?', [run, Math.floor((step - 1) / STRETCH)])
}

function readRows(store: Store, run: number, stretch: number): Columns {
  const from = stretch * STRETCH + 1
  const rows = store.columns(`SELECT ${ORDER.join(', ')} FROM scalars WHERE run = ? AND step BETWEEN ? AND ? ORDER BY step`, [
    ...[run, from, from + STRETCH - 1],
  ]) as (number | null)[][]
  return new Map(
    ORDER.map((name, place) => {
      const column = DOUBLES.includes(name) ? new Float64Array(rows.length) : new Float32Array(rows.length)
      for (let i = 0; i < rows.length; i++) column[i] = rows[i]![place] ?? NaN
      return [name, column]
    }),
  )
}

function unpack(data: ArrayBuffer | Uint8Array): Columns {
  const bytes = data instanceof Uint8Array ? data.buffer.slice(data.byteOffset, data.byteOffset + data.byteLength) : data
  const length = bytes.byteLength / (8 * DOUBLES.length + 4 * (ORDER.length - DOUBLES.length))
  const columns = new Map<string, Float64Array | Float32Array>()
  let at = 0
  for (const name of ORDER) {
    const isDouble = DOUBLES.includes(name)
    columns.set(
      name,
      isDouble ? new Float64Array(bytes as ArrayBuffer, at, length) : new Float32Array(bytes as ArrayBuffer, at, length),
    )
    at += length * (isDouble ? 8 : 4)
  }
  return columns
}

function joined(parts: readonly Columns[]): Columns {
  const length = parts.reduce((sum, part) => sum + part.get('step')!.length, 0)
  return new Map(
    ORDER.map((name) => {
      const column = DOUBLES.includes(name) ? new Float64Array(length) : new Float32Array(length)
      let at = 0
      for (const part of parts) {
        const values = part.get(name)!
        column.set(values, at)
        at += values.length
      }
      return [name, column]
    }),
  )
}
