import { endMeasures, stepMeasures } from '../../shared/measures'
import { epochValues, fileValue, titleOf } from '../../shared/measures/values'
import { shortestSingle } from '../../shared/float32'
import type { Unit } from '../../shared/records'
import { cellValue, farthest, type HeatValue } from '../charts/heat-image'
import type { ProfileValues } from '../charts/profile-option'
import { column, measured, whole, words, type TableColumn, type TableContent } from '../charts/table-content'
import { formatLoss, formatPercent, formatRatio } from '../ui/format'
import { formatMeasure } from '../ui/format-measure'
import type { RatioRow, RunRecords } from './run-records'

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

/** What the heat map shows of each row: the extremes of its cells and where they are; of the chosen unit its own history. */
export function heatTable(
  units: readonly Unit[],
  rows: readonly RatioRow[],
  rowName: string,
  value: HeatValue,
  block: number | null,
): TableContent {
  const chosen = block === null ? undefined : units[block]
  const ratio = (name: string): TableColumn => column(name, formatRatio)
  return {
    columns: [
      ...[whole(rowName), ratio('smallest'), words('where'), ratio('largest'), words('where'), whole('not finite')],
      ...(chosen ? [`${chosen.name} ${value}`, 'mean', 'min', 'max'].map(ratio) : []),
    ],
    rows: rows.map((row) => {
      const cells = units.map((_, unit) => cellValue(row, unit, value))
      const [low, high] = extremes(cells)
      const own = chosen && block !== null ? [cells[block], row.mean[block], row.min[block], row.max[block]].map(single) : []
      return [
        ...[row.label, single(cells[low]), units[low]?.name, single(cells[high]), units[high]?.name],
        ...[notFiniteOf(row), ...own],
      ]
    }),
  }
}

/** Ratios of a row that were left out; a row of one step knows them by their values. */
function notFiniteOf({ notFinite, mean }: RatioRow): number {
  if (notFinite) return notFinite.reduce((sum, count) => sum + count, 0)
  return mean.reduce((sum, ratio) => sum + (Number.isFinite(ratio) ? 0 : 1), 0)
}

/**
 * Steps with all that was measured, and what the tests gave at the epochs' ends: the newest ones up to the moment, or all of
 * them from the first on.
 */
export function stepTable(records: RunRecords, { all = false, moment = null as number | null } = {}): TableContent {
  const ended = new Map(records.epochs.map((epoch) => [epoch.lastStep, epochValues(epoch, [])]))
  let end = records.step.length
  if (moment !== null && !all) while (end > 0 && records.step.at(end - 1) > moment) end--
  const from = all ? 0 : Math.max(0, end - STEP_ROWS)
  const row = (i: number) => {
    const epoch = ended.get(records.step.at(i))
    return [
      ...[records.step.at(i), records.column('epoch').at(i)],
      ...stepMeasures.map((measure) => measured(fileValue(measure, records.column(measure.name).at(i)))),
      ...endMeasures.map((measure) => epoch && measure.epoch.of(epoch)),
    ]
  }
  const rows = Array.from({ length: end - from }, (_, i) => row(all ? from + i : end - 1 - i))
  const left = records.step.length - rows.length
  return {
    columns: [
      ...[whole('step'), whole('epoch')],
      ...[...stepMeasures, ...endMeasures].map((measure) => column(titleOf(measure), (value) => formatMeasure(measure, value))),
    ],
    rows,
    ...(left > 0 ? { note: `${rows.length} of ${records.step.length} steps; the CSV file has all.` } : {}),
  }
}

/** All that there is of every cell, for a file. */
export function heatNumbers(units: readonly Unit[], rows: readonly RatioRow[], rowName: string): TableContent {
  return {
    columns: [
      ...[whole(rowName), whole('unit'), words('name'), column('mean'), column('smallest'), column('largest')],
      ...[column('farthest from 1'), whole('not finite')],
    ],
    rows: rows.flatMap((row) =>
      units.map((unit, l) => [
        ...[row.label, l + 1, unit.name, ...[row.mean[l], row.min[l], row.max[l], farthest(row, l)].map(single)],
        row.notFinite?.[l],
      ]),
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
