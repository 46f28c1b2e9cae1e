import type { RequestOutput } from '../../shared/api'
import { stepMeasures, type StepMeasureName } from '../../shared/measures'
import { EpochSummary, isFiniteStep } from '../../shared/measures/epoch-summary'
import { measureStep } from '../../shared/measures/values'
import { ratios } from '../../shared/norms/ratio'
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
  /** Steps of the row that were left out, since their ratio was not finite; absent where not known. */
  readonly notFinite?: Float32Array | undefined
}

/** What the epoch that is not finished has shown so far. */
export interface OpenEpoch extends RatioRow {
  readonly firstStep: number
  readonly lastStep: number
}

/** A number of each step, in the order of the steps. */
export type StepColumn = 'step' | 'epoch' | 'at' | StepMeasureName
const STEP_COLUMNS: readonly StepColumn[] = ['step', 'epoch', 'at', ...stepMeasures.map(({ name }) => name)]

/** All records of a run, stored and live, as growing columns. Plain arrays: a thousand norms ten times a second would drown reactivity. */
export class RunRecords {
  private readonly columns = new Map(STEP_COLUMNS.map((name) => [name, new GrowingColumn()]))
  readonly epochs: EpochRecord[] = []
  readonly recent: RatioRow[] = []
  /** The last step that was measured. */
  latest: StepRecord | null = null
  latestRatios: Float32Array | null = null
  private open: EpochSummary | null = null
  private openRow: OpenEpoch | null = null

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

  /** Wall time of its training and tests, seconds; pauses, and what happened between one start and the next, are not in it. */
  get seconds(): number {
    const closed = this.epochs.reduce((sum, { seconds }) => sum + seconds, 0)
    const last = this.epochs[this.epochs.length - 1]?.lastStep ?? 0
    let open = 0
    for (let i = this.step.length - 1; i >= 0 && this.step.at(i) > last; i--) open += this.column('ms').at(i)
    return closed + open / 1000
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
      const open = this.openEpoch
      if (open && open.label <= record.epoch && open.lastStep <= record.lastStep) this.open = this.openRow = null
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
      if (!closed || record.epoch > closed.epoch) this.addToOpenEpoch(record, measured.length)
    }
  }

  /** The epoch that is not finished, as far as its measured steps have come. */
  get openEpoch(): OpenEpoch | null {
    if (!this.openRow && this.open) {
      const { epoch, firstStep, lastStep, ratios } = this.open.record(null, 0)
      this.openRow = { label: epoch, firstStep, lastStep, ...ratios }
    }
    return this.openRow
  }

  /** Rows of the heat map: finished epochs, then the open one. */
  epochRows(): RatioRow[] {
    const rows: RatioRow[] = this.epochs.map((record) => ({ label: record.epoch, ...record.ratios }))
    if (this.openEpoch) rows.push(this.openEpoch)
    return rows
  }

  private addScalars(record: StepRecord): void {
    const { step, epoch } = record
    const values = { step, epoch, at: Date.now(), ...measureStep(record, this.units) }
    for (const [name, column] of this.columns) column.push(values[name])
  }

  /** What diverged is no part of its epoch, here as in the record that comes at the epoch's end. */
  private addToOpenEpoch(record: StepRecord, units: number): void {
    if (!isFiniteStep(record)) return
    if (this.open?.epoch !== record.epoch) this.open = new EpochSummary(record.epoch, units)
    this.open.add(record)
    this.openRow = null
  }
}
