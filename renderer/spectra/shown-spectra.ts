import type { LayerSpectrum } from '../../shared/api'
import type { LegendItem } from '../charts/chart-file'
import type { Curve } from '../charts/curve-option'
import { column, type TableContent, words } from '../charts/table-content'
import { plainNumber } from '../ui/format'

/** A spectrum of the chosen layer as charts show it. */
export interface ShownSpectrum {
  readonly id: string
  /** `as it wraps around`, `as it pads`, with the run where there are two. */
  readonly name: string
  readonly colour: number
  readonly layer: LayerSpectrum
}

/** All values over their place, from the largest (0 %) to the smallest (100 %); of an operator too large for all, its two ends. */
export function spectrumCurves(spectra: readonly ShownSpectrum[]): Curve[] {
  return spectra.flatMap(({ id, name, colour, layer: { values, extremes } }): Curve[] => {
    const common = { id, name, colour, format: plainNumber }
    if (values) return [{ ...common, style: 'line', x: Float64Array.from(values, (_, i) => place(i, values.length)), y: values }]
    if (!extremes) return []
    const { largest, smallest } = extremes
    const ends = [largest, smallest]
    return [
      {
        ...{ ...common, name: `${name}, its ends`, style: 'marks', x: [0, 100], y: ends.map(({ value }) => value) },
        told: (at) => `± ${plainNumber(Number(ends[at]!.error.toPrecision(2)))}`,
      },
    ]
  })
}

const place = (index: number, count: number): number => (count === 1 ? 50 : (100 * index) / (count - 1))

export function spectrumLegend(spectra: readonly ShownSpectrum[]): LegendItem[] {
  return spectra.length < 2
    ? []
    : spectra.map(({ name, colour, layer }) => ({
        shape: layer.values ? 'line' : 'dot',
        colour: `var(--series-${colour + 1})`,
        text: layer.values ? name : `${name}, its ends`,
      }))
}

/** Rows that a page shows; a file has all. */
const MOST_ROWS = 500

export function spectrumTable(spectra: readonly ShownSpectrum[], isWhole: boolean): TableContent {
  const rows = spectra.flatMap(({ name, layer: { values, times, extremes } }) => {
    if (!values)
      return extremes
        ? [
            [name, 1, extremes.largest.value, 1, extremes.largest.error],
            [name, null, extremes.smallest.value, 1, extremes.smallest.error],
          ]
        : []
    return Array.from(isWhole ? values : values.subarray(0, MOST_ROWS), (value, i) => [name, i + 1, value, times, null])
  })
  const longest = Math.max(0, ...spectra.map(({ layer }) => layer.values?.length ?? 0))
  return {
    columns: [
      words('spectrum'),
      column('place'),
      column('singular value', plainNumber),
      column('times'),
      column('within', plainNumber),
    ],
    rows,
    ...(!isWhole && longest > MOST_ROWS && { note: `The first ${MOST_ROWS} of each; the CSV file has all.` }),
  }
}
