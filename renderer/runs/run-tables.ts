import type { Unit } from '../../shared/records'
import type { TableContent } from '../charts/DataTable.vue'
import type { ProfileValues } from '../charts/profile-option'
import { formatLoss, formatMilliseconds, formatPercent, formatRatio, significant } from '../ui/format'
import type { RatioRow, RunRecords } from './run-records'

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

export function stepTable(records: RunRecords): TableContent {
  const { step, loss, smoothLoss, accuracy, rate, ms } = records
  const from = Math.max(0, step.length - STEP_ROWS)
  const rows: string[][] = []
  for (let i = step.length - 1; i >= from; i--) {
    rows.push([
      String(step.at(i)),
      formatLoss(loss.at(i)),
      formatLoss(smoothLoss.at(i)),
      formatPercent(accuracy.at(i)),
      significant(rate.at(i), 4),
      formatMilliseconds(ms.at(i)),
    ])
  }
  return {
    columns: ['step', 'loss', 'smoothed', 'accuracy', 'rate', 'time'],
    rows,
    ...(from > 0 ? { note: `The newest ${STEP_ROWS} of ${step.length} steps.` } : {}),
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
