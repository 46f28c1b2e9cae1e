import { shortestSingle } from '../../shared/float32'
import type { Unit } from '../../shared/records'
import type { ProfileValues } from '../charts/profile-option'
import { column, measured, whole, words, type TableColumn, type TableContent } from '../charts/table-content'
import { formatLoss, formatPercent, formatRatio } from '../ui/format'
import { STEP_COLUMNS, type RatioRow, type RunRecords, type StepColumn } from './run-records'

/** Newest rows that a table over steps lists; the export has them all. */
const STEP_ROWS = 500

const single = (value: number | undefined): number | null => (value === undefined ? null : shortestSingle(value))

/** The tables behind a run's charts. */
export function profileTable(units: readonly Unit[], { now, norms, band }: ProfileValues): TableContent {
  return {
    columns: [
      ...[whole('unit'), words('name'), words('kind'), words('input')],
      ...['ratio', 'mean', 'smallest', 'largest'].map((name) => column(name, formatRatio)),
      ...['norm in', 'norm out'].map((name) => column(name, formatLoss)),
    ],
    rows: units.map((unit, l) => [
      ...[l + 1, unit.name, unit.kind, unit.shape.join('×')],
      ...[now?.[l], band?.mean[l], band?.min[l], band?.max[l], norms?.[l], norms?.[l + 1]].map(single),
    ]),
  }
}

/** Of each row its extremes and where they are; of the chosen unit its own history. */
export function heatTable(
  units: readonly Unit[],
  rows: readonly RatioRow[],
  rowName: string,
  block: number | null,
): TableContent {
  const chosen = block === null ? undefined : units[block]
  const ratio = (name: string): TableColumn => column(name, formatRatio)
  return {
    columns: [
      ...[whole(rowName), ratio('smallest'), words('where'), ratio('largest'), words('where')],
      ...(chosen ? [`${chosen.name} mean`, 'min', 'max'].map(ratio) : []),
    ],
    rows: rows.map((row) => {
      const [low, high] = extremes(row.mean)
      const own = chosen && block !== null ? [row.mean[block], row.min[block], row.max[block]].map(single) : []
      return [row.label, single(row.mean[low]), units[low]?.name, single(row.mean[high]), units[high]?.name, ...own]
    }),
  }
}

/**
 * Steps with all that was measured, and what the tests gave at the epochs' ends: the newest ones up to the moment, or all of
 * them from the first on.
 */
export function stepTable(records: RunRecords, { all = false, moment = null as number | null } = {}): TableContent {
  const names = STEP_COLUMNS.filter((name) => name !== 'at')
  const columns = names.map((name) => records.column(name as StepColumn))
  const tested = new Map(records.epochs.map((epoch) => [epoch.lastStep, epoch]))
  let end = records.step.length
  if (moment !== null && !all) while (end > 0 && records.step.at(end - 1) > moment) end--
  const from = all ? 0 : Math.max(0, end - STEP_ROWS)
  const row = (i: number) => {
    const epoch = tested.get(records.step.at(i))
    return [
      ...columns.map((values, place) => COLUMNS[names[place]! as StepColumn].of(values.at(i))),
      ...[epoch?.testLoss, epoch?.testAccuracy],
    ]
  }
  const rows = Array.from({ length: end - from }, (_, i) => row(all ? from + i : end - 1 - i))
  const left = records.step.length - rows.length
  return {
    columns: [
      ...names.map((name) => COLUMNS[name as StepColumn]),
      column('test loss', formatLoss),
      column('test accuracy', formatPercent),
    ],
    rows,
    ...(left > 0 ? { note: `${rows.length} of ${records.step.length} steps; the CSV file has all.` } : {}),
  }
}

const exact = (value: number): number => value
const measuredSingle = (value: number): number | null => single(measured(value) ?? undefined)

/** Columns of a step: how they are called and shown, and what of the column goes into a file. */
const COLUMNS: Readonly<Record<StepColumn, TableColumn & { of: (value: number) => number | null }>> = {
  step: { ...whole('step'), of: exact },
  epoch: { ...whole('epoch'), of: exact },
  loss: { ...column('loss', formatLoss), of: exact },
  accuracy: { ...column('accuracy', formatPercent), of: exact },
  rate: { ...column('rate', formatLoss), of: shortestSingle },
  ms: { ...column('time, ms', formatLoss), of: shortestSingle },
  at: { ...whole('stored at'), of: exact },
  gradientNorm: { ...column('gradient norm', formatLoss), of: measuredSingle },
  chain: { ...column('chain ratio', formatRatio), of: measuredSingle },
  coveringC: { ...column('covering c', formatRatio), of: measuredSingle },
  deviation: { ...column('mean |r − 1|', formatRatio), of: measuredSingle },
  low: { ...column('smallest ratio', formatRatio), of: measuredSingle },
  high: { ...column('largest ratio', formatRatio), of: measuredSingle },
}

/** Every cell's mean, smallest and largest ratio, for a file. */
export function heatNumbers(units: readonly Unit[], rows: readonly RatioRow[], rowName: string): TableContent {
  return {
    columns: [whole(rowName), whole('unit'), words('name'), column('mean'), column('smallest'), column('largest')],
    rows: rows.flatMap(({ label, mean, min, max }) =>
      units.map((unit, l) => [label, l + 1, unit.name, ...[mean[l], min[l], max[l]].map(single)]),
    ),
  }
}

export function epochTable(records: RunRecords, moment: number | null = null): TableContent {
  return {
    columns: [
      whole('epoch'),
      ...['train loss', 'train accuracy', 'test loss', 'test accuracy'].map((name) =>
        column(name, name.endsWith('loss') ? formatLoss : formatPercent),
      ),
      column('seconds', (value) => value.toFixed(1)),
    ],
    rows: records.epochs
      .filter(({ firstStep }) => moment === null || firstStep <= moment)
      .reverse()
      .map((record) => [
        ...[record.epoch, record.trainLoss, record.trainAccuracy, record.testLoss, record.testAccuracy, record.seconds],
      ]),
  }
}

/** Indices of the smallest and the largest number; −1 where there is none. */
export function extremes(values: ArrayLike<number>): [number, number] {
  let low = -1
  let high = -1
  for (let i = 0; i < values.length; i++) {
    if (!Number.isFinite(values[i]!)) continue
    if (low < 0 || values[i]! < values[low]!) low = i
    if (high < 0 || values[i]! > values[high]!) high = i
  }
  return [low, high]
}
