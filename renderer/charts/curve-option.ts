import { axisFor, shortCount, ticksBetween, type Axis, type ScaleKind } from './axis'
import type { CanvasTokens } from './canvas-tokens'
import type { ChartOption } from './echarts'
import { PLOT_LEFT, PLOT_RIGHT } from './plot-frame'
import { smoothed } from './smoothing'
import { thin, type Thinned } from './thin'

/** A curve over steps, epochs or time. */
export interface Curve {
  /** What the chart knows it by, unlike any other curve's in it; names may be alike. */
  readonly id: string
  readonly name: string
  /** Which of the eight series' colours, from 0. */
  readonly colour: number
  readonly isDashed?: boolean
  /** Never smoothed: a setting, say. */
  readonly isExact?: boolean
  /** Points are drawn as they are, without smoothing: the few values of the epochs' ends. */
  readonly style: 'line' | 'points'
  /** Ascending. */
  readonly x: ArrayLike<number>
  readonly y: ArrayLike<number>
  /** Band of a mean over repeats, or of an epoch. */
  readonly band?: { readonly low: ArrayLike<number>; readonly high: ArrayLike<number> }
  readonly format: (value: number) => string
}

export interface XView {
  readonly from: number
  readonly to: number
}

export interface CurvesInput {
  readonly curves: readonly Curve[]
  readonly scale: ScaleKind
  /** The part of the axis that is shown. */
  readonly view: XView
  /** Weight of the past in the smoothed line; 0 draws the values alone. */
  readonly smoothing: number
  /** The vertical axis leaves out the farthest hundredth of the values. */
  readonly outliersOff: boolean
  readonly formatX?: ((value: number) => string) | undefined
  readonly tokens: CanvasTokens
  readonly width: number
}

/** What is drawn of a curve: its buckets in view, and the smoothed line where there is one. */
interface Drawn {
  readonly curve: Curve
  readonly raw: Thinned
  readonly smooth: Thinned | null
}

/** Curves as ECharts draws them. Where there are more values than the eye can tell apart, a band shows their extremes. */
export function curveOption(input: CurvesInput): { option: ChartOption; perBucket: number } {
  const { view, scale, tokens, width } = input
  const drawn = input.curves.map((curve) => draw(curve, input))
  const axis = verticalAxis(drawn, scale, input.outliersOff)
  const label = { color: tokens.ink3, fontSize: 11, fontFamily: tokens.font }
  const option: ChartOption = {
    animation: false,
    grid: { outerBoundsMode: 'none', left: PLOT_LEFT, right: PLOT_RIGHT, top: 8, bottom: 24 },
    xAxis: {
      type: 'value',
      min: view.from,
      max: view.to,
      axisLine: { lineStyle: { color: tokens.lineStrong }, onZero: false },
      axisTick: { show: false },
      splitLine: { show: false },
      axisLabel: {
        ...label,
        customValues: ticksBetween(view.from, view.to, Math.max(2, Math.round(width / 90))),
        formatter: input.formatX ?? shortCount,
        hideOverlap: true,
      },
    },
    yAxis: {
      type: 'value',
      min: axis.from,
      max: axis.to,
      axisLine: { show: false },
      axisTick: { show: false },
      splitLine: { show: false },
      axisLabel: { ...label, customValues: axis.ticks, formatter: (position: number) => axis.label(position) },
    },
    series: [frame(axis, tokens), ...drawn.flatMap((one) => seriesOf(one, axis, input))],
  }
  return { option, perBucket: Math.max(1, ...drawn.map(({ raw }) => raw.perBucket)) }
}

function draw(curve: Curve, { view, width, smoothing }: CurvesInput): Drawn {
  const buckets = Math.max(200, Math.round(width))
  const raw = thin(curve.x, curve.y, view.from, view.to, buckets)
  const isSmoothed = smoothing > 0 && curve.style === 'line' && !curve.isExact && curve.x.length > 1
  return { curve, raw, smooth: isSmoothed ? thin(curve.x, smoothed(curve.y, smoothing), view.from, view.to, buckets) : null }
}

function verticalAxis(drawn: readonly Drawn[], scale: ScaleKind, outliersOff: boolean): Axis {
  const values: number[] = []
  for (const { curve, raw, smooth } of drawn) {
    const bands = curve.band ? [curve.band.low, curve.band.high] : []
    for (const column of [raw.min, raw.max, ...(smooth ? [smooth.mean] : []), ...bands])
      for (let i = 0; i < column.length; i++) {
        const value = column[i]!
        if (Number.isFinite(value) && (scale !== 'log' || value > 0)) values.push(value)
      }
  }
  values.sort((a, b) => a - b)
  const cut = outliersOff ? Math.floor(values.length / 100) : 0
  return axisFor(scale, values[cut] ?? NaN, values[values.length - 1 - cut] ?? NaN)
}

function frame(axis: Axis, tokens: CanvasTokens): object {
  return {
    id: 'frame',
    type: 'line',
    silent: true,
    z: 0,
    data: [],
    markLine: {
      z: 0,
      silent: true,
      symbol: 'none',
      label: { show: false },
      data: axis.ticks.map((tick) => ({ yAxis: tick, lineStyle: { type: 'solid', color: tokens.line, width: 1 } })),
    },
  }
}

function seriesOf({ curve, raw, smooth }: Drawn, axis: Axis, { tokens }: CurvesInput): object[] {
  const colour = tokens.series[curve.colour] ?? tokens.ink
  const isThinned = raw.perBucket > 1
  const line = (id: string, values: Thinned, opacity: number, width: number, z: number) => ({
    id: `${curve.id} ${id}`,
    name: curve.name,
    type: 'line',
    silent: true,
    symbol: curve.style === 'points' ? 'circle' : 'none',
    symbolSize: Math.min(6, Math.max(2, 600 / Math.max(1, values.x.length))),
    showAllSymbol: true,
    lineStyle: { color: colour, width, opacity, type: curve.isDashed ? [5, 3] : 'solid' },
    itemStyle: { color: colour },
    z,
    data: pairs(values.x, values.mean, axis),
  })
  const bands = [
    ...(isThinned ? [bandOf(`${curve.id} extremes`, raw.x, raw.min, raw.max, axis, colour, smooth ? 0.16 : 0.28)] : []),
    ...(curve.band ? [bandOf(`${curve.id} band`, curve.x, curve.band.low, curve.band.high, axis, colour, 0.16)] : []),
  ]
  const lines = smooth
    ? [...(isThinned ? [] : [line('raw', raw, 0.3, 1, 3)]), line('smoothed', smooth, 1, 1.75, 5)]
    : [line('values', raw, 1, curve.style === 'points' ? 1.75 : 1.25, 4)]
  return [...bands, ...lines]
}

function pairs(x: ArrayLike<number>, y: ArrayLike<number>, axis: Axis): (readonly [number, number | '-'])[] {
  return Array.from({ length: x.length }, (_, i) => {
    const place = axis.place(y[i]!)
    return [x[i]!, Number.isFinite(place) ? place : '-'] as const
  })
}

/** An area between two curves, cut to the axis; where a value is missing it has a gap. */
function bandOf(
  id: string,
  x: ArrayLike<number>,
  low: ArrayLike<number>,
  high: ArrayLike<number>,
  axis: Axis,
  colour: string,
  opacity: number,
): object {
  const parts: number[][] = []
  let open: number[] = []
  for (let i = 0; i <= x.length; i++) {
    const known = i < x.length && Number.isFinite(axis.place(low[i]!)) && Number.isFinite(axis.place(high[i]!))
    if (known) open.push(i)
    else if (open.length > 0) {
      parts.push(open)
      open = []
    }
  }
  const inside = (value: number): number => Math.min(axis.to, Math.max(axis.from, axis.place(value)))
  return {
    id,
    type: 'custom',
    silent: true,
    clip: true,
    z: 2,
    data: parts.map((_, place) => [place]),
    renderItem: (params: { dataIndex: number }, api: { coord(point: number[]): number[] }) => {
      const part = parts[params.dataIndex] ?? []
      const points = [
        ...part.map((i) => api.coord([x[i]!, inside(high[i]!)])),
        ...[...part].reverse().map((i) => api.coord([x[i]!, inside(low[i]!)])),
      ]
      // A lone spike is a line of its own, or nobody would see it.
      return {
        type: 'polygon',
        shape: { points },
        style: { fill: colour, opacity, stroke: colour, lineWidth: 1, strokeOpacity: opacity * 2 },
      }
    },
  }
}
