import { shortestSingle } from '../../shared/float32'
import type { Unit } from '../../shared/records'
import { cellValue, farthest, type HeatValue } from '../charts/heat-image'
import type { ProfileValues } from '../charts/profile-option'
import { column, whole, words, type TableColumn, type TableContent } from '../charts/table-content'
import { formatLoss, formatRatio } from '../ui/format'
import type { RatioRow } from './run-records'

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
