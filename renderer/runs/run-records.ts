import type { RequestOutput } from '../../shared/api'
import { ratios } from '../../shared/norms/ratio'
import { stepMeasures } from '../../shared/norms/step-measures'
import type { EpochRecord, StepRecord, Unit } from '../../shared/records'
import { GrowingColumn } from '../charts/growing-columns'

/** Steps whose ratios are kept for the heat map by step. */
export const RECENT_STEPS = 240

/** Ratios of one row of the heat map: an epoch, or a step (then mean, min and max are one). */
export interface RatioRow {
  readonly label: number
  readonly mean: Float32Array
  readonly min: Float32Array
  readonly max: Float32Array
}

/** What the epoch that is not finished has shown so far. */
export interface OpenEpoch extends RatioRow {
  readonly firstStep: number
  readonly lastStep: number
}

/** A number of each step, in the order of the steps. */
export const STEP_COLUMNS = [
  ...['step', 'epoch', 'loss', 'accuracy', 'rate', 'ms', 'at', 'gradientNorm'],
  ...['chain', 'coveringC', 'deviation', 'low', 'high'],
] as const
export type StepColumn =
  | 'step'
  | 'epoch'
  | 'loss'
  | 'accuracy'
  | 'rate'
  | 'ms'
  | 'at'
  | 'gradientNorm'
  | 'chain'
  | 'coveringC'
  | 'deviation'
  | 'low'
  | 'high'

/** All records of a run, stored and live, as growing columns. Plain arrays: a thousand norms ten times a second would drown reactivity. */
export class RunRecords {
  private readonly columns = new Map(STEP_COLUMNS.map((name) => [name as StepColumn, new GrowingColumn()]))
  readonly epochs: EpochRecord[] = []
  readonly recent: RatioRow[] = []
  /** The last step that was measured. */
  latest: StepRecord | null = null
  latestRatios: Float32Array | null = null
  openEpoch: OpenEpoch | null = null
  private count = new Uint32Array(0)

  /** @param units The run's, which tell blocks from transitions. */
  constructor(private readonly units: readonly Pick<Unit, 'kind'>[] = []) {}

  column(name: StepColumn): GrowingColumn {
    return this.columns.get(name)!
  }

  get step(): GrowingColumn {
    return this.column('step')
  }

  get lastStep(): number {
    return this.step.length ? this.step.at(this.step.length - 1) : 0
  }

  /** The stored columns of a run, before any live step. */
  addCurves(curves: RequestOutput<'runs.curves'>): void {
    for (let i = 0; i < curves.step.length; i++) {
      if (curves.step[i]! <= this.lastStep) continue
      for (const [name, column] of this.columns) column.push(curves[name][i]!)
    }
  }

  addEpochs(records: readonly EpochRecord[]): void {
    for (const record of records) {
      const last = this.epochs[this.epochs.length - 1]
      if (!last || record.epoch > last.epoch) this.epochs.push(record)
      else if (record.epoch === last.epoch) this.epochs[this.epochs.length - 1] = record
      if (this.openEpoch && this.openEpoch.label <= record.epoch && this.openEpoch.lastStep <= record.lastStep)
        this.openEpoch = null
    }
  }

  /** Steps in order; those already known as scalars add their norms only. */
  addSteps(records: readonly StepRecord[]): void {
    for (const record of records) {
      if (record.step > this.lastStep) this.addScalars(record)
      // Not every step is measured, where the run's settings say so.
      if (record.norms.length === 0 || (this.latest && record.step <= this.latest.step)) continue
      this.latest = record
      const measured = ratios(record.norms)
      this.latestRatios = measured
      this.recent.push({ label: record.step, mean: measured, min: measured, max: measured })
      if (this.recent.length > RECENT_STEPS) this.recent.shift()
      const closed = this.epochs[this.epochs.length - 1]
      // An epoch that was cut short may have been closed before its last, unfinished step came.
      if (!closed || record.epoch > closed.epoch) this.addToOpenEpoch(record, measured)
    }
  }

  /** Rows of the heat map: finished epochs, then the open one. */
  epochRows(): RatioRow[] {
    const rows: RatioRow[] = this.epochs.map((record) => ({ label: record.epoch, ...record.ratios }))
    if (this.openEpoch) rows.push(this.openEpoch)
    return rows
  }

  private addScalars(record: StepRecord): void {
    const { step, epoch, loss, accuracy, rate, ms, gradientNorm = NaN, norms } = record
    const measured = stepMeasures(norms, this.units)
    const values = { step, epoch, loss, accuracy, rate, ms, gradientNorm, at: Date.now(), ...measured }
    for (const [name, column] of this.columns)
      // Stored columns are single precision; a live rate that is not would look like another one.
      column.push(name === 'at' ? values.at : Math.fround(values[name]))
  }

  private addToOpenEpoch(record: StepRecord, measured: Float32Array): void {
    const open = this.openEpoch
    if (!open || open.label !== record.epoch || open.mean.length !== measured.length) {
      this.count = Uint32Array.from(measured, (ratio) => (Number.isFinite(ratio) ? 1 : 0))
      const copy = (): Float32Array => Float32Array.from(measured, (ratio) => (Number.isFinite(ratio) ? ratio : NaN))
      this.openEpoch = {
        label: record.epoch,
        firstStep: record.step,
        lastStep: record.step,
        mean: copy(),
        min: copy(),
        max: copy(),
      }
      return
    }
    for (let l = 0; l < measured.length; l++) {
      const ratio = measured[l]!
      if (!Number.isFinite(ratio)) continue
      const seen = ++this.count[l]!
      open.mean[l] = seen === 1 ? ratio : open.mean[l]! + (ratio - open.mean[l]!) / seen
      open.min[l] = seen === 1 ? ratio : Math.min(open.min[l]!, ratio)
      open.max[l] = seen === 1 ? ratio : Math.max(open.max[l]!, ratio)
    }
    this.openEpoch = { ...open, lastStep: record.step }
  }
}
