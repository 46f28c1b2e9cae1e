import type { EpochRecord } from '../../shared/records'
import type { Connection } from './connection'
import { bytes, floats, numeric } from './text-rows'
import { blob, float, wholeNumber } from './values'

export const EPOCH_COLUMNS = [
  'epoch',
  'first_step',
  'last_step',
  'train_loss',
  'train_accuracy',
  'tested',
  'test_loss',
  'test_accuracy',
  'seconds',
  'ratio_mean',
  'ratio_min',
  'ratio_max',
  'measured',
  'not_finite',
  'copies',
  'other_accuracy',
]

const isArray = (name: string): boolean => name.startsWith('ratio_') || name === 'not_finite'
/** As they are read; see text-rows.ts. */
const SELECT = `SELECT ${EPOCH_COLUMNS.map((name) => (isArray(name) ? bytes(name) : numeric(name))).join(', ')} FROM epochs`

/** Numbers that an epoch can have; a damaged store may hold others. */
const EPOCHS = "typeof(epochs.epoch) = 'integer'"

/** What the epochs of runs came to. */
export class EpochTable {
  constructor(private readonly connection: Connection) {}

  /** Stores epochs; one that is there already is replaced. */
  put(run: number, epochs: readonly EpochRecord[]): void {
    const sql = `INSERT OR REPLACE INTO epochs (run, ${EPOCH_COLUMNS.join(', ')}) VALUES (?${', ?'.repeat(EPOCH_COLUMNS.length)})`
    for (const { ratios, ...e } of epochs)
      this.connection.change(sql, [
        ...[run, e.epoch, e.firstStep, e.lastStep, float(e.trainLoss), float(e.trainAccuracy)],
        ...[e.testLoss === null ? 0 : 1, float(e.testLoss ?? NaN), float(e.testAccuracy ?? NaN), float(e.seconds)],
        ...[blob(ratios.mean), blob(ratios.min), blob(ratios.max)],
        ...[e.measured ?? null, ratios.notFinite ? blob(ratios.notFinite) : null],
        ...[e.withoutCopies?.copies ?? null, float(e.withoutCopies?.accuracy ?? NaN)],
      ])
  }

  /** Removes the record of an epoch that was cut off; its steps stay, and give it another when it is over. */
  dropPartial(run: number, stepsPerEpoch: number): void {
    if (stepsPerEpoch === 0) return
    this.connection.change('DELETE FROM epochs WHERE run = ? AND last_step % ? <> 0 AND tested = 0', [run, stepsPerEpoch])
  }

  /** Epochs after the given one, in order. */
  all(run: number, after = 0): EpochRecord[] {
    const sql = `${SELECT} WHERE run = ? AND epoch > ? AND ${EPOCHS} ORDER BY epochs.epoch`
    return this.connection.query(sql, [run, after]).map(toEpoch)
  }

  last(run: number): EpochRecord | undefined {
    const sql = `${SELECT} WHERE run = ? AND ${EPOCHS} ORDER BY epochs.epoch DESC LIMIT 1`
    return this.connection.query(sql, [run]).map(toEpoch)[0]
  }

  /** The last epoch of which a step's norms were measured; of older records that is not known, and supposed. */
  lastMeasured(run: number): EpochRecord | undefined {
    const sql = `${SELECT} WHERE run = ? AND ifnull(measured, 1) <> 0 AND ${EPOCHS} ORDER BY epochs.epoch DESC LIMIT 1`
    return this.connection.query(sql, [run]).map(toEpoch)[0]
  }

  /** The last step of the epoch with the best test accuracy, the first of several. */
  bestTestedStep(run: number): number | undefined {
    const sql = `SELECT ${numeric('last_step')} FROM epochs WHERE run = ? AND tested = 1 ORDER BY test_accuracy DESC, epoch LIMIT 1`
    return (this.connection.first(sql, [run]) as { last_step: number | null } | undefined)?.last_step ?? undefined
  }

  bestTestAccuracy(run: number): number | null {
    const sql = `SELECT max(test_accuracy) AS best FROM epochs WHERE run = ? AND tested = 1 AND typeof(test_accuracy) IN ('real', 'integer')`
    return (this.connection.first(sql, [run]) as { best: number | null }).best
  }

  /** The last one that was evaluated on the test split. */
  lastTested(run: number): EpochRecord | undefined {
    const sql = `${SELECT} WHERE run = ? AND tested = 1 AND ${EPOCHS} ORDER BY epochs.epoch DESC LIMIT 1`
    return this.connection.query(sql, [run]).map(toEpoch)[0]
  }
}

interface EpochRow {
  epoch: number | null
  first_step: number | null
  last_step: number | null
  train_loss: number | null
  train_accuracy: number | null
  tested: number
  test_loss: number | null
  test_accuracy: number | null
  seconds: number | null
  ratio_mean: ArrayBuffer | null
  ratio_min: ArrayBuffer | null
  ratio_max: ArrayBuffer | null
  measured: number | null
  not_finite: ArrayBuffer | null
  copies: number | null
  other_accuracy: number | null
}

function toEpoch(row: unknown): EpochRecord {
  const e = row as EpochRow
  return {
    epoch: wholeNumber(e.epoch),
    firstStep: wholeNumber(e.first_step),
    lastStep: wholeNumber(e.last_step),
    trainLoss: e.train_loss ?? NaN,
    trainAccuracy: e.train_accuracy ?? NaN,
    testLoss: e.tested ? (e.test_loss ?? NaN) : null,
    testAccuracy: e.tested ? (e.test_accuracy ?? NaN) : null,
    ...(e.tested && e.copies !== null && { withoutCopies: { copies: wholeNumber(e.copies), accuracy: e.other_accuracy ?? NaN } }),
    seconds: e.seconds ?? NaN,
    ...(e.measured !== null && { measured: wholeNumber(e.measured) }),
    ratios: {
      mean: floats(e.ratio_mean),
      min: floats(e.ratio_min),
      max: floats(e.ratio_max),
      ...(e.not_finite && { notFinite: floats(e.not_finite) }),
    },
  }
}
