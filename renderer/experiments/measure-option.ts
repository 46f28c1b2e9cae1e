import { axisFor, isShown, type Axis } from '../charts/axis'
import type { CanvasTokens } from '../theme/canvas-tokens'
import type { ChartOption } from '../charts/echarts'
import { labelStyle, named, plotGrid, valueAxis, type AxisNames } from '../charts/option-axes'
import type { Repeats } from '../../shared/repeats'

export interface MeasurePoint extends Repeats {
  readonly place: string
  /** Of each repeat. */
  readonly values: readonly number[]
  /** Ends of what is drawn about the mean. */
  readonly band: readonly [low: number, high: number]
}

export interface MeasureSeries {
  readonly id: string
  readonly name: string
  readonly points: readonly MeasurePoint[]
}

export interface MeasureInput {
  readonly places: readonly string[]
  readonly series: readonly MeasureSeries[]
  readonly isLog: boolean
  readonly format: (value: number) => string
  readonly tokens: CanvasTokens
  readonly width: number
  /** In a file. */
  readonly names?: AxisNames
}

/**
 * Means at the variants with a band up and down, and each repeat as a dot beside them. A line joins them where the variants
 * are amounts of one thing; between words there is nothing for a line to go through.
 */
export function measureOption({ places, series, isLog, format, tokens, width, names }: MeasureInput): ChartOption {
  const kind = isLog ? 'log' : 'zero'
  const shown = series
    .flatMap(({ points }) => points.flatMap((one) => [one.mean, ...one.values, ...one.band]))
    .filter((value) => isShown(value, kind))
  const axis = axisFor(kind, Math.min(...shown), Math.max(...shown))
  const isAmount = areAmounts(places)
  const positions = places.map((_, index) => index)
  return {
    animation: false,
    grid: plotGrid(14, names),
    xAxis: {
      type: 'value',
      min: -0.5,
      max: places.length - 0.5,
      axisLine: { lineStyle: { color: tokens.lineStrong }, onZero: false },
      axisTick: { show: false },
      splitLine: { show: false },
      axisLabel: {
        ...labelStyle(tokens),
        customValues: positions,
        formatter: (position: number) => places[position] ?? '',
        width: (width - 80) / Math.max(1, places.length) - 6,
        overflow: 'truncate',
      },
      ...named(names?.x, tokens, 22),
    },
    yAxis: valueAxis(axis, tokens, names?.y),
    series: series.flatMap((one, index) => {
      // Series stand beside each other, or their dots would hide one another.
      const shift = isAmount ? 0 : ((index - (series.length - 1) / 2) * 0.6) / Math.max(series.length, 3)
      const x = (place: string): number => places.indexOf(place) + shift
      const colour = tokens.series[index % 8]!
      const isLabelled = one.points.length <= 12 && series.length <= 2
      return [
        means(one, axis, colour, x, isAmount, isLabelled ? format : null, tokens),
        repeats(one, axis, colour, x),
        deviations(one, axis, colour, x),
      ]
    }),
  }
}

/** Whether labels differ in a number alone, as `ResNet-20` and `ResNet-32` do. */
function areAmounts(labels: readonly string[]): boolean {
  const number = /\d+(\.\d+)?(e-?\d+)?/gi
  const words = labels.map((label) => label.replace(number, '#'))
  return labels.length > 1 && words.every((text) => text === words[0] && text.split('#').length === 2)
}

function means(
  { id, name, points }: MeasureSeries,
  axis: Axis,
  colour: string,
  x: (place: string) => number,
  isJoined: boolean,
  format: ((value: number) => string) | null,
  tokens: CanvasTokens,
): object {
  const drawn = points.filter(({ mean }) => Number.isFinite(axis.place(mean)))
  return {
    id,
    name,
    type: isJoined ? 'line' : 'scatter',
    symbol: 'circle',
    symbolSize: 9,
    z: 5,
    lineStyle: { color: colour, width: 1.5 },
    itemStyle: { color: colour },
    label: {
      ...labelStyle(tokens),
      show: format !== null,
      position: 'right',
      formatter: ({ dataIndex }: { dataIndex: number }) => format?.(drawn[dataIndex]?.mean ?? NaN) ?? '',
      color: tokens.ink2,
    },
    labelLayout: { hideOverlap: true },
    data: drawn.map(({ place, mean }) => [x(place), axis.place(mean)]),
  }
}

function repeats({ id, points }: MeasureSeries, axis: Axis, colour: string, x: (place: string) => number): object {
  return {
    id: `${id} repeats`,
    type: 'scatter',
    silent: true,
    symbolSize: 5,
    symbolOffset: [-9, 0],
    itemStyle: { color: colour, opacity: 0.55 },
    z: 4,
    data: points
      .filter(({ values }) => values.length > 1)
      .flatMap(({ place, values }) => values.map((value) => [x(place), axis.place(value)]))
      .filter(([, y]) => Number.isFinite(y)),
  }
}

function deviations({ id, points }: MeasureSeries, axis: Axis, colour: string, x: (place: string) => number): object {
  const drawn = points.filter(({ mean, deviation }) => deviation && Number.isFinite(axis.place(mean)))
  return {
    id: `${id} deviation`,
    type: 'custom',
    silent: true,
    data: drawn.map((one) => {
      const [low, high] = one.band.map((value) => axis.place(value)) as [number, number]
      // On a logarithmic axis a deviation that reaches down to nothing reaches its end.
      return [x(one.place), Number.isFinite(low) ? low : axis.from, high]
    }),
    renderItem: (_: unknown, api: { coord(point: unknown[]): number[]; value(dimension: number): number }) => {
      const [left = 0, low = 0] = api.coord([api.value(0), api.value(1)])
      const [, high = 0] = api.coord([api.value(0), api.value(2)])
      const line = (x1: number, y1: number, x2: number, y2: number) => ({
        type: 'line',
        shape: { x1, y1, x2, y2 },
        style: { stroke: colour, lineWidth: 1.5 },
      })
      return {
        type: 'group',
        children: [line(left, low, left, high), line(left - 4, low, left + 4, low), line(left - 4, high, left + 4, high)],
      }
    },
  }
}
