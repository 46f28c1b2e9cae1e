import { joinArrays } from '../../shared/join-arrays'
import { stepMeasures } from '../../shared/measures'
import { layoutNumber } from './layout-number'
import type { Store } from './store'
import { numeric } from './text-rows'

/** Steps of a stretch: those from n·STRETCH + 1 to (n + 1)·STRETCH. */
export const STRETCH = 4096

type Kind = 'double' | 'single'
/** Doubles first, so that each array lies at a multiple of its numbers' size. */
const ORDER: readonly (readonly [column: string, kind: Kind])[] = [
  ...['step', 'epoch', 'at'].map((column) => [column, 'double'] as const),
  ...(['double', 'single'] as const).flatMap((kind) =>
    stepMeasures.filter(({ step }) => step.precision === kind).map(({ step }) => [step.column, kind] as const),
  ),
]
const STEP_BYTES = ORDER.reduce((sum, [, kind]) => sum + (kind === 'double' ? 8 : 4), 0)

/** Stands for the form of the bytes; a stretch of another layout is made anew. */
const LAYOUT = layoutNumber(ORDER.map((column) => column.join(' ')))

export type Columns = ReadonlyMap<string, Float64Array | Float32Array>

/** A run's scalars of the steps from…to as columns: whole stretches from their packed form, which is made where it is missing, the rest from rows. */
export function readColumns(store: Store, run: number, from = 1, to = Infinity): Columns {
  const last = store.steps.lastNumber(run)
  const first = stretchOf(from)
  const end = Math.min(to, last)
  const packed = new Map(
    (
      store.query(
        "SELECT stretch, data FROM packed_curves WHERE run = ? AND layout = ? AND typeof(data) = 'blob' AND stretch BETWEEN ? AND ?",
        [run, LAYOUT, first, stretchOf(end)],
      ) as {
        stretch: number
        data: ArrayBuffer
      }[]
    ).map(({ stretch, data }) => [stretch, data]),
  )
  const parts: Columns[] = []
  for (let stretch = first; stretch <= stretchOf(end); stretch++) {
    const data = packed.get(stretch)
    if (data && data.byteLength % STEP_BYTES === 0) {
      parts.push(unpack(data))
      continue
    }
    const rows = readRows(store, run, stretch)
    parts.push(rows)
    if (!store.refusal && isWhole(rows, stretch, last)) savePacked(store, run, stretch, rows)
  }
  return joined(parts.map((part) => within(part, from, end)))
}

const stretchOf = (step: number): number => Math.floor((step - 1) / STRETCH)

/** The steps from…to of columns; their steps ascend. */
function within(columns: Columns, from: number, to: number): Columns {
  const step = columns.get('step')!
  const isOne = (at: number): boolean => step[at]! >= from && step[at]! <= to
  if (step.length === 0 || (isOne(0) && isOne(step.length - 1))) return columns
  const begin = step.findIndex((number) => number >= from)
  const after = step.findIndex((number) => number > to)
  const [start, end] = [begin < 0 ? step.length : begin, after < 0 ? step.length : after]
  return new Map([...columns].map(([name, values]) => [name, values.subarray(start, end)]))
}

/** A stretch is whole once the run has gone beyond it. */
function isWhole(rows: Columns, stretch: number, last: number): boolean {
  return last >= (stretch + 1) * STRETCH && (rows.get('step')?.length ?? 0) > 0
}

function savePacked(store: Store, run: number, stretch: number, columns: Columns): void {
  const bytes = Buffer.concat(
    ORDER.map(([name]) => {
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
  for (let stretch = stretchOf(firstStep); (stretch + 1) * STRETCH <= lastStep; stretch++)
    savePacked(store, run, stretch, readRows(store, run, stretch))
}

/** Lets go of what was packed from a step on: its rows have changed. */
export function unpackFrom(store: Store, run: number, step: number): void {
  store.change('DELETE FROM packed_curves WHERE run = ? AND stretch >= ?', [run, stretchOf(step)])
}

function readRows(store: Store, run: number, stretch: number): Columns {
  const from = stretch * STRETCH + 1
  const names = ORDER.map(([name]) => numeric(name)).join(', ')
  const rows = store.columns(`SELECT ${names} FROM scalars WHERE run = ? AND step BETWEEN ? AND ? ORDER BY scalars.step`, [
    ...[run, from, from + STRETCH - 1],
  ]) as (number | null)[][]
  return new Map(
    ORDER.map(([name, kind], place) => {
      const column = columnFor(kind, rows.length)
      for (let i = 0; i < rows.length; i++) column[i] = rows[i]![place] ?? NaN
      return [name, column]
    }),
  )
}

function columnFor(kind: Kind, length: number): Float64Array | Float32Array {
  return kind === 'double' ? new Float64Array(length) : new Float32Array(length)
}

function unpack(data: ArrayBuffer | Uint8Array): Columns {
  const bytes = data instanceof Uint8Array ? data.buffer.slice(data.byteOffset, data.byteOffset + data.byteLength) : data
  const length = bytes.byteLength / STEP_BYTES
  let at = 0
  return new Map(
    ORDER.map(([name, kind]) => {
      const start = at
      at += length * (kind === 'double' ? 8 : 4)
      const column =
        kind === 'double'
          ? new Float64Array(bytes as ArrayBuffer, start, length)
          : new Float32Array(bytes as ArrayBuffer, start, length)
      return [name, column]
    }),
  )
}

function joined(parts: readonly Columns[]): Columns {
  const column = (name: string, kind: Kind): Float64Array | Float32Array =>
    joinArrays(
      (length) => columnFor(kind, length),
      parts.map((part) => part.get(name)!),
    )
  return new Map(ORDER.map(([name, kind]) => [name, column(name, kind)]))
}
