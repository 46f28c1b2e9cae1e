import { stepMeasures } from '../../shared/measures'
import { stepValues } from '../../shared/measures/values'
import type { StepRecord, Unit } from '../../shared/records'
import type { Connection } from './connection'
import { layoutNumber } from './layout-number'
import { float } from './values'

/** Columns of `scalars` after the run: which step, when it was stored, and the measures of steps. */
const COLUMNS = ['step', 'epoch', 'at', ...stepMeasures.map(({ step }) => step.column)]

/** Changes with the measures and how each is worked out: older rows are then derived again (derived.ts). */
export const SCALARS_VERSION = layoutNumber(stepMeasures.map(({ step }) => `${step.column} ${step.version}`))

export const SCALARS_INSERT = `INSERT INTO scalars (run, ${COLUMNS.join(', ')}) VALUES (${Array(COLUMNS.length + 1)
  .fill('?')
  .join(', ')})`

/** @param at Milliseconds since 1970; null where not known. */
export function scalarValues(record: StepRecord, units: readonly Pick<Unit, 'kind'>[], at: number | null): unknown[] {
  const values = stepValues(record, units)
  return [record.step, record.epoch, at, ...stepMeasures.map(({ step }) => float(step.of(values)))]
}

/** Columns of measures that the table has not yet. What is in them is derived, so no migration speaks of them. */
export function missingColumns(connection: Connection): string[] {
  const there = new Set((connection.query('PRAGMA table_info(scalars)') as { name: string }[]).map(({ name }) => name))
  return COLUMNS.filter((column) => !there.has(column))
}

export function addColumns(connection: Connection): void {
  if (missingColumns(connection).length === 0) return
  // Asked again under the lock: another lab may have added them in between.
  connection.transaction(() => {
    for (const column of missingColumns(connection)) connection.execute(`ALTER TABLE scalars ADD COLUMN ${column} REAL`)
  })
}
