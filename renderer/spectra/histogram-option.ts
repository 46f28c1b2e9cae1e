import { axisFor } from '../charts/axis'
import type { CanvasTokens } from '../theme/canvas-tokens'
import type { ChartOption } from '../charts/echarts'
import { type AxisNames, placeAxis, plotGrid, valueAxis } from '../charts/option-axes'
import type { Histogram } from './histogram'

export interface HistogramSeries {
  readonly id: string
  /** Which of the eight series' colours, from 0. */
  readonly colour: number
  readonly histogram: Histogram
}

/** Histograms over one another: outlines with a light filling, so that the one behind is seen. */
export function histogramOption(
  series: readonly HistogramSeries[],
  { isLog, tokens, names }: { readonly isLog: boolean; readonly tokens: CanvasTokens; readonly names?: AxisNames },
): ChartOption {
  const edges = series.flatMap(({ histogram }) => [histogram.edges[0]!, histogram.edges[histogram.edges.length - 1]!])
  const across = axisFor(isLog ? 'log' : 'zero', Math.min(...edges), Math.max(...edges), 6)
  const up = axisFor('zero', 0, Math.max(1, ...series.flatMap(({ histogram }) => histogram.counts)))
  return {
    animation: false,
    grid: plotGrid(8, names),
    xAxis: placeAxis({ values: across.ticks, label: across.label }, across.from, across.to, tokens, names?.x),
    yAxis: valueAxis(up, tokens, names?.y),
    series: series.map(({ id, colour, histogram: { edges: ends, counts } }) => {
      const ink = tokens.series[colour] ?? tokens.ink
      const corners = counts.flatMap((count, i) => {
        const height = up.place(count)
        return [
          [across.place(ends[i]!), height],
          [across.place(ends[i + 1]!), height],
        ]
      })
      return {
        ...{ id, type: 'line', silent: true, symbol: 'none' },
        lineStyle: { color: ink, width: 1.25 },
        areaStyle: { color: ink, opacity: 0.16 },
        data: [[corners[0]![0], 0], ...corners, [corners[corners.length - 1]![0], 0]],
      }
    }),
  }
}
