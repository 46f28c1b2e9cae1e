import { axisFor, isShown, type Axis, type ScaleKind } from './axis'
import type { CanvasTokens } from '../theme/canvas-tokens'
import type { ChartOption } from './echarts'
import { placeAxis, plotGrid, valueAxis, type AxisNames } from './option-axes'
import { smoothed } from './smoothing'
import { thin, type Thinned } from './thin'
import { xTicks, type XKind } from './x-ticks'

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
  /** Points are drawn as they are, without smoothing: the few values of the epochs' ends. Between marks there is no line: what lies there is not known. */
  readonly style: 'line' | 'points' | 'marks'
  /** Ascending. */
  readonly x: ArrayLike<number>
  readonly y: ArrayLike<number>
  /** Band of a mean over repeats, or of an epoch. */
  readonly band?: { readonly low: ArrayLike<number>; readonly high: ArrayLike<number> }
  readonly format: (value: number) => string
  /** What a tooltip says behind the value at an index: its spread, of how many. */
  readonly told?: (index: number) => string
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
  readonly xKind: XKind
  readonly tokens: CanvasTokens
  readonly width: number
  /** In a file: the names of the axes, and the moment that the page shows. */
  readonly names?: AxisNames
  readonly moment?: number | null
}

/** What is drawn of a curve: its buckets in view, and the smoothed line where there is one. */
interface Drawn {
  readonly curve: Curve
  readonly raw: Thinned
  readonly smooth: Thinned | null
  /** Least and greatest of its band in view; none where it has none. */
  readonly band: readonly Float64Array[]
}

/** Curves as ECharts draws them. Where there are more values than the eye can tell apart, a band shows their extremes. */
export function curveOption(input: CurvesInput): { option: ChartOption; perBucket: number; zeros: number } {
  const { view, scale, tokens, width, names } = input
  const drawn = input.curves.map((curve) => draw(curve, input))
  const axis = verticalAxis(drawn, scale, input.outliersOff)
  const ticks = xTicks(input.xKind, view.from, view.to, Math.max(2, Math.round(width / 90)))
  const option: ChartOption = {
    animation: false,
    grid: plotGrid(8, names),
    xAxis: placeAxis(ticks, view.from, view.to, tokens, names?.x),
    yAxis: valueAxis(axis, tokens, names?.y),
    series: [...momentLine(input), ...drawn.flatMap((one) => seriesOf(one, axis, input))],
  }
  const zeros = drawn.reduce((sum, { curve }) => sum + zeroPlaces(curve, input).length, 0)
  return { option, perBucket: Math.max(1, ...drawn.map(({ raw }) => raw.perBucket)), zeros }
}

/** Places in view of the values that a logarithmic axis has no place for: 0, and what is below. */
function zeroPlaces({ x, y }: Curve, { scale, view }: Pick<CurvesInput, 'scale' | 'view'>): number[] {
  if (scale !== 'log') return []
  const places: number[] = []
  for (let i = 0; i < x.length; i++)
    if (y[i]! <= 0 && Number.isFinite(y[i]!) && x[i]! >= view.from && x[i]! <= view.to) places.push(x[i]!)
  return places
}

/** What a chart with such values says of them; empty where it has none. */
export function zeroWords(zeros: number): string {
  if (zeros === 0) return ''
  return zeros === 1
    ? '▾ 1 value is 0, at the lower edge of the log axis'
    : `▾ ${zeros} values are 0, at the lower edge of the log axis`
}

function draw(curve: Curve, { view, width, smoothing, scale }: CurvesInput): Drawn {
  const buckets = Math.max(200, Math.round(width))
  const known = (value: number): boolean => isShown(value, scale)
  const inView = (y: ArrayLike<number>): Thinned => thin(curve.x, y, view.from, view.to, buckets, known)
  const smooth = isSmoothed(curve, smoothing) ? inView(smoothed(curve.y, smoothing, known)) : null
  const band = curve.band ? [inView(curve.band.low).min, inView(curve.band.high).max] : []
  return { curve, raw: inView(curve.y), smooth, band }
}

/** Whether a curve has a smoothed line; settings and the few values of the epochs' ends have none. */
export function isSmoothed(curve: Curve, smoothing: number): boolean {
  return smoothing > 0 && curve.style === 'line' && !curve.isExact && curve.x.length > 1
}

function verticalAxis(drawn: readonly Drawn[], scale: ScaleKind, outliersOff: boolean): Axis {
  const values: number[] = []
  for (const { raw, smooth, band } of drawn) {
    for (const column of [raw.min, raw.max, ...(smooth ? [smooth.mean] : []), ...band])
      for (let i = 0; i < column.length; i++) if (isShown(column[i]!, scale)) values.push(column[i]!)
  }
  values.sort((a, b) => a - b)
  const cut = outliersOff ? Math.floor(values.length / 100) : 0
  return axisFor(scale, values[cut] ?? NaN, values[values.length - 1 - cut] ?? NaN)
}

function momentLine({ moment = null, view, tokens }: CurvesInput): object[] {
  if (moment === null || moment < view.from || moment > view.to) return []
  const lineStyle = { type: 'solid', color: tokens.accent, width: 1 }
  const markLine = { silent: true, symbol: 'none', label: { show: false }, data: [{ xAxis: moment, lineStyle }] }
  return [{ id: 'moment', type: 'line', silent: true, data: [], markLine }]
}

/** Fewer pixels than this for a value, and it has no dot of its own. */
const DOT_ROOM = 9

function seriesOf({ curve, raw, smooth }: Drawn, axis: Axis, input: CurvesInput): object[] {
  const { tokens, width, scale, view } = input
  const colour = tokens.series[curve.colour] ?? tokens.ink
  const isThinned = raw.perBucket > 1
  const line = (id: string, values: Thinned, opacity: number, thick: number, z: number) => ({
    id: `${curve.id} ${id}`,
    name: curve.name,
    type: 'line',
    silent: true,
    symbol: 'none',
    lineStyle: { color: colour, width: thick, opacity, type: curve.isDashed ? [5, 3] : 'solid' },
    itemStyle: { color: colour },
    z,
    data: pairs(values, axis),
  })
  const bands = [
    ...(isThinned
      ? [bandOf(`${curve.id} extremes`, raw.x, raw.min, raw.max, axis, scale, colour, smooth ? 0.16 : 0.28, raw.broken)]
      : []),
    ...(curve.band ? [bandOf(`${curve.id} band`, curve.x, curve.band.low, curve.band.high, axis, scale, colour, 0.16)] : []),
  ]
  const isPointed = curve.style !== 'line'
  const lines = smooth
    ? [...(isThinned ? [] : [line('raw', raw, 0.3, 1, 3)]), line('smoothed', smooth, 1, 1.75, 5)]
    : curve.style === 'marks'
      ? []
      : [line('values', raw, 1, isPointed ? 1.75 : 1.25, 4)]
  const dots = {
    id: `${curve.id} dots`,
    name: curve.name,
    type: 'scatter',
    silent: true,
    symbolSize: isPointed ? 6 : 4,
    itemStyle: { color: colour, opacity: smooth ? 0.5 : 1 },
    z: 4,
    data: dotted(raw, isPointed || hasRoom(raw, view, width)).map((i) => [raw.x[i]!, axis.place(raw.mean[i]!)]),
  }
  // One mark a pixel is enough.
  const pixels = new Map(zeroPlaces(curve, input).map((x) => [Math.round(((x - view.from) / (view.to - view.from)) * width), x]))
  const zeros = {
    id: `${curve.id} zeros`,
    name: curve.name,
    type: 'scatter',
    silent: true,
    clip: false,
    symbol: 'triangle',
    symbolRotate: 180,
    symbolSize: 7,
    symbolOffset: [0, -3],
    itemStyle: { color: colour },
    z: 6,
    data: [...pixels.values()].map((x) => [x, axis.from]),
  }
  return [...bands, ...lines, dots, ...(pixels.size > 0 ? [zeros] : [])]
}

/** Whether the values of a curve lie far enough from each other for a dot each. */
function hasRoom({ x }: Thinned, view: XView, width: number): boolean {
  const pixels = ((x[x.length - 1]! - x[0]!) / (view.to - view.from)) * width
  return x.length < 2 || pixels / (x.length - 1) >= DOT_ROOM
}

/** Indices of the values that are drawn as dots: all where there is room, and always those that no line reaches. */
function dotted({ x, broken }: Thinned, all: boolean): number[] {
  const alone = (i: number): boolean => (i === 0 || broken[i] === 1) && (i === x.length - 1 || broken[i + 1] === 1)
  return Array.from(x.keys()).filter((i) => all || alone(i))
}

function pairs({ x, mean, broken }: Thinned, axis: Axis): (readonly [number, number | '-'])[] {
  return Array.from(x).flatMap((at, i) => {
    const point = [at, axis.place(mean[i]!)] as const
    return broken[i] === 1 ? [[at, '-'] as const, point] : [point]
  })
}

/** An area between two curves, cut to the axis; where a value is missing it has a gap. */
function bandOf(
  id: string,
  x: ArrayLike<number>,
  low: ArrayLike<number>,
  high: ArrayLike<number>,
  axis: Axis,
  scale: ScaleKind,
  colour: string,
  opacity: number,
  broken?: ArrayLike<number>,
): object {
  const parts: number[][] = []
  let open: number[] = []
  for (let i = 0; i <= x.length; i++) {
    // On a logarithmic axis a band that reaches down to nothing reaches its end.
    const known = i < x.length && Number.isFinite(low[i]!) && isShown(high[i]!, scale)
    if ((!known || broken?.[i] === 1) && open.length > 0) {
      parts.push(open)
      open = []
    }
    if (known) open.push(i)
  }
  const inside = (value: number): number =>
    isShown(value, scale) ? Math.min(axis.to, Math.max(axis.from, axis.place(value))) : axis.from
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
