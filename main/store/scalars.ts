import type Database from 'libsql'
import { stepMeasures } from '../../shared/norms/step-measures'
import type { StepRecord, Unit } from '../../shared/records'
import { STEP_COLUMNS, float, toStep } from './rows'

/** Columns of `scalars` after the run. */
const COLUMNS = [
  'step',
  'epoch',
  'loss',
  'accuracy',
  'rate',
  'ms',
  'at',
  'gradient_norm',
  'chain',
  'covering_c',
  'deviation',
  'low',
  'high',
] as const

export const SCALAR_COLUMNS = COLUMNS.join(', ')
export const SCALARS_INSERT = `INSERT INTO scalars (run, ${SCALAR_COLUMNS}) VALUES (${Array(COLUMNS.length + 1)
  .fill('?')
  .join(', ')})`

/** @param at Milliseconds since 1970; null where not known. */
export function scalarValues(record: StepRecord, units: readonly Pick<Unit, 'kind'>[], at: number | null): unknown[] {
  const { step, epoch, loss, accuracy, rate, ms, gradientNorm, norms } = record
  const { chain, coveringC, deviation, low, high } = stepMeasures(norms, units)
  return [
    ...[step, epoch, float(loss), float(accuracy), float(rate), float(ms), at, float(gradientNorm ?? NaN)],
    ...[chain, coveringC, deviation, low, high].map(float),
  ]
}

/** Fills the table from the steps of runs that have none in it. */
export function deriveScalars(database: Database.Database): void {
  const insert = database.prepare(SCALARS_INSERT)
  const part = database.prepare(`SELECT ${STEP_COLUMNS} FROM steps WHERE run = ? AND step > ? ORDER BY step LIMIT 256`)
  const runs = database
    .prepare('SELECT id, units FROM runs WHERE NOT EXISTS (SELECT 1 FROM scalars WHERE run = runs.id)')
    .all() as { id: number; units: string }[]
  for (const { id, units } of runs) {
    const kinds = JSON.parse(units) as Unit[]
    for (let last = 0; ;) {
      const steps = part.all([id, last]).map(toStep)
      if (steps.length === 0) break
      for (const step of steps) insert.run([id, ...scalarValues(step, kinds, null)])
      last = steps[steps.length - 1]!.step
    }
  }
}
