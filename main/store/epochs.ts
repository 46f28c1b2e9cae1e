import type { EpochRecord } from '../../shared/records'
import type { Connection } from './connection'
import { blob, float } from './values'

const COLUMNS =
  'epoch, first_step, last_step, train_loss, train_accuracy, tested, test_loss, test_accuracy, seconds, ratio_mean, ratio_min, ratio_max, measured, not_finite'

/** What the epochs of runs came to. */
export class EpochTable {
  constructor(private readonly connection: Connection) {}

  /** Stores epochs; one that is there already is replaced. */
  put(run: number, epochs: readonly EpochRecord[]): void {
    const sql = `INSERT OR REPLACE INTO epochs (run, ${COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`
    for (const { ratios, ...e } of epochs)
      this.connection.change(sql, [
        ...[run, e.epoch, e.firstStep, e.lastStep, float(e.trainLoss), float(e.trainAccuracy)],
        ...[e.testLoss === null ? 0 : 1, float(e.testLoss ?? NaN), float(e.testAccuracy ?? NaN), float(e.seconds)],
        ...[blob(ratios.mean), blob(ratios.min), blob(ratios.max)],
        ...[e.measured ?? null, ratios.notFinite ? blob(ratios.notFinite) : null],
      ])
  }

  /** Removes the record of an epoch that was cut off; its steps stay, and give it another when it is over. */
  dropPartial(run: number, stepsPerEpoch: number): void {
    if (stepsPerEpoch === 0) return
    this.connection.change('DELETE FROM epochs WHERE run = ? AND last_step % ? <> 0 AND tested = 0', [run, stepsPerEpoch])
  }

  /** Epochs after the given one, in order. */
  all(run: number, after = 0): EpochRecord[] {
    const sql = `SELECT ${COLUMNS} FROM epochs WHERE run = ? AND epoch > ? ORDER BY epoch`
    return this.connection.query(sql, [run, after]).map(toEpoch)
  }

  last(run: number): EpochRecord | undefined {
    const sql = `SELECT ${COLUMNS} FROM epochs WHERE run = ? ORDER BY epoch DESC LIMIT 1`
    return this.connection.query(sql, [run]).map(toEpoch)[0]
  }

  /** The last step of the epoch with the best test accuracy, the first of several. */
  bestTestedStep(run: number): number | undefined {
    const sql = 'SELECT last_step AS step FROM epochs WHERE run = ? AND tested = 1 ORDER BY test_accuracy DESC, epoch LIMIT 1'
    return (this.connection.first(sql, [run]) as { step: number } | undefined)?.step
  }

  bestTestAccuracy(run: number): number | null {
    const sql = 'SELECT max(test_accuracy) AS best FROM epochs WHERE run = ? AND tested = 1'
    return (this.connection.first(sql, [run]) as { best: number | null }).best
  }

  /** The last one that was evaluated on the test split. */
  lastTested(run: number): EpochRecord | undefined {
    const sql = `SELECT ${COLUMNS} FROM epochs WHERE run = ? AND tested = 1 ORDER BY epoch DESC LIMIT 1`
    return this.connection.query(sql, [run]).map(toEpoch)[0]
  }
}

interface EpochRow {
  epoch: number
  first_step: number
  last_step: number
  train_loss: number | null
  train_accuracy: number | null
  tested: number
  test_loss: number | null
  test_accuracy: number | null
  seconds: number | null
  ratio_mean: ArrayBuffer
  ratio_min: ArrayBuffer
  ratio_max: ArrayBuffer
  measured: number | null
  not_finite: ArrayBuffer | null
}

function toEpoch(row: unknown): EpochRecord {
  const e = row as EpochRow
  return {
    epoch: e.epoch,
    firstStep: e.first_step,
    lastStep: e.last_step,
    trainLoss: e.train_loss ?? NaN,
    trainAccuracy: e.train_accuracy ?? NaN,
    testLoss: e.tested ? (e.test_loss ?? NaN) : null,
    testAccuracy: e.tested ? (e.test_accuracy ?? NaN) : null,
    seconds: e.seconds ?? NaN,
    ...(e.measured !== null && { measured: e.measured }),
    ratios: {
      mean: new Float32Array(e.ratio_mean),
      min: new Float32Array(e.ratio_min),
      max: new Float32Array(e.ratio_max),
      ...(e.not_finite && { notFinite: new Float32Array(e.not_finite) }),
    },
  }
}
