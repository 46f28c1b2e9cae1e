import type { StepRecord, Unit } from '../../shared/records'
import type { Connection } from './connection'
import { SCALARS_INSERT, scalarValues } from './scalars'
import { MOST_STEPS } from './bundle-format'
import { bytes, floats, numeric } from './text-rows'
import { blob, float, real, wholeNumber } from './values'

const ARRAYS = ['norms', 'activations', 'weights', 'updates', 'signal']
export const STEP_COLUMNS = [
  'step',
  'epoch',
  'loss',
  'accuracy',
  'rate',
  'ms',
  'norms',
  'gradient_norm',
  'activations',
  'weights',
  'updates',
  'waited',
  'signal',
]
/** As they are read; see text-rows.ts. */
const SELECT = `SELECT ${STEP_COLUMNS.map((name) => (ARRAYS.includes(name) ? bytes(name) : numeric(name))).join(', ')} FROM steps`
/** Numbers that a step can have; a damaged store may hold others. */
const STEPS = `step BETWEEN 1 AND ${MOST_STEPS}`

/** What a step takes beside its arrays: its row, that of its scalars, their places in the trees. */
const ROW_BYTES = 250
/** Steps that tell how long a step takes. */
const RECENT = 25

/** The steps of runs, and of each its numbers without its norms (`scalars`). */
export class StepTable {
  constructor(private readonly connection: Connection) {}

  insert(run: number, units: readonly Unit[], steps: readonly StepRecord[]): void {
    const sql = `INSERT INTO steps (run, ${STEP_COLUMNS.join(', ')}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`
    const now = Date.now()
    const optional = (values: Float32Array | undefined): Buffer | null => (values ? blob(values) : null)
    for (const s of steps) {
      this.connection.change(sql, [
        ...[run, s.step, s.epoch, float(s.loss), float(s.accuracy), float(s.rate), float(s.ms), blob(s.norms)],
        ...[float(s.gradientNorm ?? NaN), optional(s.activations), optional(s.weights), optional(s.updates)],
        ...[float(s.waitedMs ?? NaN), optional(s.signal)],
      ])
      this.connection.change(SCALARS_INSERT, [run, ...scalarValues(s, units, now)])
    }
  }

  remove(run: number, steps: readonly StepRecord[]): void {
    for (const { step } of steps) {
      this.connection.change('DELETE FROM steps WHERE run = ? AND step = ?', [run, step])
      this.connection.change('DELETE FROM scalars WHERE run = ? AND step = ?', [run, step])
    }
  }

  /** Whether a step is stored that says the same; its time is no part of that. */
  has(run: number, record: StepRecord): boolean {
    const [stored] = this.between(run, record.step, record.step)
    return stored !== undefined && isSameStep(stored, record)
  }

  /** Steps from…to, both included, in order. */
  between(run: number, from: number, to: number): StepRecord[] {
    // One range: of two, SQLite searches by the first and reads all of the run for the other.
    const sql = `${SELECT} WHERE run = ? AND step BETWEEN ? AND ? ORDER BY steps.step`
    return this.connection.query(sql, [run, Math.max(1, from), Math.min(to, MOST_STEPS)]).map(toStep)
  }

  /** All steps in order, a few at a time, so that a long run does not fill the memory. */
  *each(run: number): Generator<StepRecord> {
    const sql = `${SELECT} WHERE run = ? AND step BETWEEN ? AND ${MOST_STEPS} ORDER BY steps.step LIMIT 256`
    let last = 0
    for (;;) {
      const part = this.connection.query(sql, [run, last + 1]).map(toStep)
      yield* part
      const next = part[part.length - 1]?.step ?? last
      // In a damaged file the steps after this one may be those before it.
      if (next <= last) return
      last = next
    }
  }

  /** The last stored step. */
  last(run: number): StepRecord | undefined {
    const sql = `${SELECT} WHERE run = ? AND ${STEPS} ORDER BY steps.step DESC LIMIT 1`
    return this.connection.query(sql, [run]).map(toStep)[0]
  }

  /** The last stored step whose norms were measured, up to one of them. */
  lastMeasured(run: number, upTo = Number.MAX_SAFE_INTEGER): StepRecord | undefined {
    const sql = `SELECT ${STEP_COLUMNS} FROM steps WHERE run = ? AND step <= ? AND length(norms) > 4 ORDER BY steps.step DESC LIMIT 1`
    return this.connection.query(sql, [run, upTo]).map(toStep)[0]
  }

  /** The last stored step that looked at the signal on its way forward. @param isMeasured Of those whose norms were measured. */
  lastLooked(run: number, isMeasured = false): StepRecord | undefined {
    const measured = isMeasured ? ' AND length(norms) > 4' : ''
    const sql = `SELECT ${STEP_COLUMNS} FROM steps WHERE run = ? AND signal IS NOT NULL${measured} ORDER BY steps.step DESC LIMIT 1`
    return this.connection.query(sql, [run]).map(toStep)[0]
  }

  /** How many steps of each epoch were measured. */
  countMeasured(run: number): ReadonlyMap<number, number> {
    const sql =
      "SELECT epoch, count(*) AS count FROM steps WHERE run = ? AND length(norms) > 4 AND typeof(epoch) = 'integer' GROUP BY epoch"
    const rows = this.connection.query(sql, [run]) as { epoch: number; count: number }[]
    return new Map(rows.map(({ epoch, count }) => [epoch, count]))
  }

  /** Number of the last stored step; 0 where there is none. */
  lastNumber(run: number): number {
    const row = this.connection.first(`SELECT max(step) AS step FROM steps WHERE run = ? AND ${STEPS}`, [run]) as {
      step: number | null
    }
    return row.step ?? 0
  }

  /** The space that a run's steps take in the file, about, bytes. */
  bytes(run: number): number {
    const sizes = ARRAYS.map((column) => `ifnull(length(${column}), 0)`).join(' + ')
    const sql = `SELECT CAST(total(${sizes}) AS INTEGER) AS records, count(*) AS count FROM steps WHERE run = ?`
    const { records, count } = this.connection.first(sql, [run]) as { records: number; count: number }
    return records + count * ROW_BYTES
  }

  count(run: number): number {
    return (this.connection.first('SELECT count(*) AS count FROM steps WHERE run = ?', [run]) as { count: number }).count
  }

  /** Wall times of the last steps, newest first, and how much of each went by waiting where that is known; milliseconds. */
  lastTimes(run: number): Pick<StepRecord, 'step' | 'ms' | 'waitedMs'>[] {
    const columns = ['step', 'ms', 'waited_share'].map(numeric).join(', ')
    const sql = `SELECT ${columns} FROM scalars WHERE run = ? ORDER BY scalars.step DESC LIMIT ${RECENT}`
    const rows = this.connection.query(sql, [run]) as Record<'step' | 'ms' | 'waited_share', number | null>[]
    return rows.flatMap(({ step, ms, waited_share: share }) =>
      ms === null ? [] : { step: wholeNumber(step), ms, ...(share !== null && { waitedMs: share * ms }) },
    )
  }
}

interface StepRow {
  step: number | null
  epoch: number | null
  loss: number | null
  accuracy: number | null
  rate: number | null
  ms: number | null
  norms: ArrayBuffer | null
  gradient_norm: number | null
  activations: ArrayBuffer | null
  weights: ArrayBuffer | null
  updates: ArrayBuffer | null
  /** Absent in a row of a bundle of the first version. */
  waited?: number | null
  /** Likewise of the first three. */
  signal?: ArrayBuffer | null
}

export function toStep(row: unknown): StepRecord {
  const { step, epoch, loss, accuracy, rate, ms, norms, gradient_norm, activations, weights, updates, waited, signal } =
    row as StepRow
  return {
    step: wholeNumber(step),
    epoch: wholeNumber(epoch),
    loss: real(loss),
    accuracy: real(accuracy),
    rate: real(rate),
    ms: real(ms),
    ...(typeof waited === 'number' && { waitedMs: waited }),
    ...(typeof gradient_norm === 'number' && { gradientNorm: gradient_norm }),
    norms: floats(norms),
    ...(activations && { activations: floats(activations) }),
    ...(weights && { weights: floats(weights) }),
    ...(updates && { updates: floats(updates) }),
    ...(signal && { signal: floats(signal) }),
  }
}

function isSameStep(a: StepRecord, b: StepRecord): boolean {
  return (
    Object.is(a.loss, b.loss) &&
    Object.is(a.accuracy, b.accuracy) &&
    Object.is(a.rate, b.rate) &&
    Buffer.compare(blob(a.norms), blob(b.norms)) === 0
  )
}
