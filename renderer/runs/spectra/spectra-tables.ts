import type { FollowedLayer } from '../../../shared/api'
import { LIVE_QUANTILES, type SpectraRecord } from '../../../shared/spectra/live'
import { LIVE_SUMMARIES, liveFields, liveNumber, liveQuantiles, type LiveSummary } from '../../../shared/spectra/live-summaries'
import type { RatioRange } from '../../charts/ratio-scale'
import { column, type TableContent, whole, words } from '../../charts/table-content'
import { formatPercent, plainNumber } from '../../ui/format'
import { extremes } from '../run-tables'
import { TABLE_QUANTILES } from './ridge'

/** A summary's number for people. */
export const showSummary = ({ isLog }: LiveSummary, value: number): string => (isLog ? plainNumber(value) : formatPercent(value))

const FACTORS = [1.1, 1.5, 2, 3, 5, 10]

/** Half-width of the colours' scale: the first round factor that holds all but a fiftieth of the numbers, the farthest from 1. */
export function summaryRange(rows: readonly Float32Array[]): RatioRange {
  const far = Float64Array.from(
    rows.flatMap((row) => Array.from(row, (value) => Math.abs(Math.log(value))).filter(Number.isFinite)),
  ).sort()
  const needed = Math.exp(far[Math.ceil(0.98 * far.length) - 1] ?? 0)
  for (let decade = 1; decade < 1e12; decade *= 10)
    for (const factor of FACTORS)
      if (factor * decade >= needed * (1 - 1e-6) && (decade === 1 || factor > 1.5)) return factor * decade
  return 1e12
}

/** The looks as the heat map's table has them: the ends over all layers, and the chosen layer. */
export function looksTable(
  looks: readonly SpectraRecord[],
  layers: readonly FollowedLayer[],
  summary: LiveSummary,
  chosen: number | null,
): TableContent {
  const show = (value: number): string => showSummary(summary, value)
  const own = chosen === null ? undefined : layers[chosen]
  return {
    columns: [
      ...[whole('step'), column('least', show), words('where'), column('greatest', show), words('where')],
      ...(own ? [column(own.name, show)] : []),
    ],
    rows: looks.map(({ step, values }) => {
      const cells = layers.map((_, layer) => liveNumber(values, layer, summary))
      const [low, high] = extremes(cells)
      return [
        ...[step, cells[low], layers[low]?.name, cells[high], layers[high]?.name],
        ...(own && chosen !== null ? [cells[chosen]] : []),
      ]
    }),
  }
}

/** All summaries of all layers at all looks, for a file. */
export function looksNumbers(looks: readonly SpectraRecord[], layers: readonly FollowedLayer[]): TableContent {
  return {
    columns: [whole('step'), words('layer'), ...LIVE_SUMMARIES.map(({ title }) => column(title))],
    rows: looks.flatMap(({ step, values }) =>
      layers.map(({ name }, layer) => {
        const fields = liveFields(values, layer)
        return [step, name, ...LIVE_SUMMARIES.map((one) => fields[one.name])]
      }),
    ),
  }
}

/** One layer's spectrum at each look. */
export function ridgeTable(looks: readonly SpectraRecord[], layer: number): TableContent {
  return {
    columns: [whole('step'), ...TABLE_QUANTILES.map(({ name }) => column(name, plainNumber))],
    rows: looks.map(({ step, values }) => {
      const { quantiles } = liveFields(values, layer)
      return [step, ...TABLE_QUANTILES.map(({ at }) => quantiles[at])]
    }),
  }
}

/** The same with all quantiles that are kept, for a file. */
export function ridgeNumbers(looks: readonly SpectraRecord[], layer: number): TableContent {
  return {
    columns: [whole('step'), column('quantile'), column('singular value')],
    rows: looks.flatMap(({ step, values }) =>
      Array.from(liveQuantiles(values, layer), (value, i) => [step, 1 - i / (LIVE_QUANTILES - 1), value]),
    ),
  }
}
