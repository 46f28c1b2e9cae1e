import { stepMeasures } from '../../shared/norms/step-measures'
import type { StepRecord, Unit } from '../../shared/records'
import { float } from './values'

/** Counts up whenever the columns, or how one of them is worked out, change: older rows are then derived again (derived.ts). */
export const SCALARS_VERSION = 1

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
