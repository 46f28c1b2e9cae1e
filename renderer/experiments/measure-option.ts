import { axisFor } from '../charts/axis'
import type { CanvasTokens } from '../charts/canvas-tokens'
import type { ChartOption } from '../charts/echarts'
import { PLOT_LEFT, PLOT_RIGHT } from '../charts/plot-frame'
import type { Repeats } from './statistics'

export interface MeasureSeries {
  readonly id: string
  readonly name: string
  readonly points: (Repeats & { readonly place: string })[]
}

/** Means at the variants, joined by a line, with one deviation up and down. */
export function measureOption(
  places: readonly string[],
  series: readonly MeasureSeries[],
  isLog: boolean,
  format: (value: number) => string,
  tokens: CanvasTokens,
  width: number,
): ChartOption {
  const ends = series.flatMap(({ points }) =>
    points.flatMap(({ mean, deviation }) => [mean - (deviation ?? 0), mean + (deviation ?? 0)]),
  )
  const positive = ends.filter((value) => !isLog || value > 0)
  const axis = axisFor(isLog ? 'log' : 'zero', Math.min(...positive), Math.max(...positive))
  const label = { color: tokens.ink3, fontSize: 11, fontFamily: tokens.font }
  const y = (value: number): number => axis.place(value)
  return {
    animation: false,
    grid: { outerBoundsMode: 'none', left: PLOT_LEFT + 8, right: PLOT_RIGHT, top: 12, bottom: 30 },
    xAxis: {
      type: 'category',
      data: [...places],
      axisLine: { lineStyle: { color: tokens.lineStrong } },
      axisTick: { show: false },
      axisLabel: { ...label, interval: 0, width: (width - 80) / Math.max(1, places.length) - 6, overflow: 'truncate' },
    },
    yAxis: {
      type: 'value',
      min: axis.from,
      max: axis.to,
      axisLine: { show: false },
      axisTick: { show: false },
      splitLine: { lineStyle: { color: tokens.line } },
      axisLabel: { ...label, customValues: axis.ticks, formatter: (position: number) => axis.label(position) },
    },
    series: series.flatMap(({ id, name, points }, index) => {
      const colour = tokens.series[index % 8]!
      return [
        {
          id,
          name,
          type: 'line',
          symbol: 'circle',
          symbolSize: 8,
          lineStyle: { color: colour, width: 1.5 },
          itemStyle: { color: colour },
          label: {
            show: points.length <= 12 && series.length <= 2,
            position: 'top',
            formatter: ({ dataIndex }: { dataIndex: number }) => format(points[dataIndex]?.mean ?? NaN),
            ...label,
            color: tokens.ink2,
          },
          data: points.map(({ place, mean }) => [place, y(mean)]),
        },
        {
          id: `${id} deviation`,
          type: 'custom',
          silent: true,
          data: points.map(({ place, mean, deviation }) => [place, y(mean - (deviation ?? 0)), y(mean + (deviation ?? 0))]),
          renderItem: (
            params: { dataIndex: number },
            api: { coord(point: unknown[]): number[]; value(dimension: number): number },
          ) => {
            const point = points[params.dataIndex]
            if (!point?.deviation) return null
            const [x = 0, low = 0] = api.coord([api.value(0), api.value(1)])
            const [, high = 0] = api.coord([api.value(0), api.value(2)])
            const stroke = { stroke: colour, lineWidth: 1.5 }
            const line = (x1: number, y1: number, x2: number, y2: number) => ({
              type: 'line',
              shape: { x1, y1, x2, y2 },
              style: stroke,
            })
            return {
              type: 'group',
              children: [line(x, low, x, high), line(x - 4, low, x + 4, low), line(x - 4, high, x + 4, high)],
            }
          },
        },
      ]
    }),
  }
}
