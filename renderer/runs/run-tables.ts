import type { Unit } from '../../shared/records'
import type { TableContent } from '../charts/DataTable.vue'
import type { ProfileValues } from '../charts/profile-option'
import { formatLoss, formatPercent, formatRatio } from '../ui/format'
import { STEP_COLUMNS, type RatioRow, type RunRecords, type StepColumn } from './run-records'

/** Newest rows that a table over steps lists; the export has them all. */
const STEP_ROWS = 500

/** The tables behind a run's charts. */
export function profileTable(units: readonly Unit[], values: ProfileValues): TableContent {
  return {
    columns: ['unit', 'name', 'kind', 'input', 'ratio', 'mean', 'smallest', 'largest', 'norm in', 'norm out'],
    words: [1, 2, 3],
    rows: units.map((unit, l) => [
      String(l + 1),
      unit.name,
      unit.kind,
      unit.shape.join('×'),
      formatRatio(values.now?.[l]),
      formatRatio(values.band?.mean[l]),
      formatRatio(values.band?.min[l]),
      formatRatio(values.band?.max[l]),
      formatLoss(values.norms?.[l]),
      formatLoss(values.norms?.[l + 1]),
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
  return {
    columns: [rowName, 'smallest', 'where', 'largest', 'where', ...(chosen ? [`${chosen.name} mean`, 'min', 'max'] : [])],
    words: [2, 4],
    rows: rows.map((row) => {
      const [low, high] = extremes(row.mean)
      const own = chosen && block !== null ? [row.mean[block], row.min[block], row.max[block]].map(formatRatio) : []
      return [
        String(row.label),
        formatRatio(row.mean[low]),
        units[low]?.name ?? '–',
        formatRatio(row.mean[high]),
        units[high]?.name ?? '–',
        ...own,
      ]
    }),
  }
}

/** The newest steps; `all` takes every one, as the numbers are. */
export function stepTable(records: RunRecords, all = false): TableContent {
  const names = STEP_COLUMNS.filter((name) => name !== 'at')
  const columns = names.map((name) => records.column(name as StepColumn))
  const length = records.step.length
  const from = all ? 0 : Math.max(0, length - STEP_ROWS)
  const show = (value: number, name: string): string =>
    all || name === 'step' || name === 'epoch' ? String(value) : formatLoss(value)
  const row = (i: number): string[] => columns.map((column, place) => show(column.at(i), names[place]!))
  const rows: string[][] = []
  for (let i = length - 1; i >= from; i--) rows.push(row(i))
  return {
    columns: names.map((name) => COLUMN_NAMES[name as StepColumn]),
    rows: all ? rows.reverse() : rows,
    ...(from > 0 ? { note: `The newest ${STEP_ROWS} of ${length} steps; the CSV file has all.` } : {}),
  }
}

const COLUMN_NAMES: Readonly<Record<StepColumn, string>> = {
  step: 'step',
  epoch: 'epoch',
  loss: 'loss',
  accuracy: 'accuracy',
  rate: 'rate',
  ms: 'time, ms',
  at: 'stored at',
  gradientNorm: 'gradient norm',
  chain: 'chain ratio',
  coveringC: 'covering c',
  deviation: 'mean |r − 1|',
  low: 'smallest ratio',
  high: 'largest ratio',
}

/** Every cell's mean, smallest and largest ratio, for a file. */
export function heatNumbers(units: readonly Unit[], rows: readonly RatioRow[], rowName: string): TableContent {
  return {
    columns: [rowName, 'unit', 'name', 'mean', 'smallest', 'largest'],
    rows: rows.flatMap(({ label, mean, min, max }) =>
      units.map((unit, l) => [String(label), String(l + 1), unit.name, String(mean[l]), String(min[l]), String(max[l])]),
    ),
  }
}

export function epochTable(records: RunRecords): TableContent {
  return {
    columns: ['epoch', 'train loss', 'train accuracy', 'test loss', 'test accuracy', 'seconds'],
    rows: [...records.epochs]
      .reverse()
      .map((record) => [
        String(record.epoch),
        formatLoss(record.trainLoss),
        formatPercent(record.trainAccuracy),
        formatLoss(record.testLoss),
        formatPercent(record.testAccuracy),
        record.seconds.toFixed(1),
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
