import type { SpectraRecord } from '../../shared/spectra/live'
import { MOST_STEPS } from './bundle-format'
import type { Connection } from './connection'
import { bytes, floats, numeric } from './text-rows'
import { blob, float, real, wholeNumber } from './values'

export const SPECTRA_COLUMNS = ['step', 'skipped', 'cpu_ms', 'wall_ms', 'data']

/** As they are read; see text-rows.ts. */
const SELECT = `SELECT ${SPECTRA_COLUMNS.map((name) => (name === 'data' ? bytes(name) : numeric(name))).join(', ')} FROM spectra`

/** What a row takes beside its numbers, bytes. */
const ROW_BYTES = 60

/** The spectra of runs while they trained. */
export class SpectraTable {
  constructor(private readonly connection: Connection) {}

  /** Stores records; one of a step that is taken again replaces the one before. */
  put(run: number, records: readonly SpectraRecord[]): void {
    const sql = `INSERT OR REPLACE INTO spectra (run, ${SPECTRA_COLUMNS.join(', ')}) VALUES (?, ?, ?, ?, ?, ?)`
    for (const { step, skipped, cpuMs, wallMs, values } of records)
      this.connection.change(sql, [run, step, skipped, float(cpuMs), float(wallMs), blob(values)])
  }

  /** Records after a step, all where that is −1, in order; those whose numbers are not of so many layers are left out. */
  after(run: number, step: number, numbers: number): SpectraRecord[] {
    const sql = `${SELECT} WHERE run = ? AND step > ? AND step <= ${MOST_STEPS} AND length(data) = ? ORDER BY spectra.step`
    return this.connection.query(sql, [run, step, 4 * numbers]).map(toSpectra)
  }

  /** Number of the last step that has one; −1 where none has. */
  lastStep(run: number): number {
    const row = this.connection.first(`SELECT max(step) AS step FROM spectra WHERE run = ? AND step <= ${MOST_STEPS}`, [run])
    return (row as { step: number | null }).step ?? -1
  }

  /** The space that a run's take in the file, about, bytes. */
  bytes(run: number): number {
    const sql = 'SELECT CAST(total(length(data)) AS INTEGER) AS records, count(*) AS count FROM spectra WHERE run = ?'
    const { records, count } = this.connection.first(sql, [run]) as { records: number; count: number }
    return records + count * ROW_BYTES
  }
}

function toSpectra(row: unknown): SpectraRecord {
  const { step, skipped, cpu_ms, wall_ms, data } = row as Record<string, unknown>
  return {
    ...{ step: wholeNumber(step), skipped: wholeNumber(skipped), cpuMs: real(cpu_ms), wallMs: real(wall_ms) },
    values: floats(data) as Float32Array<ArrayBuffer>,
  }
}
