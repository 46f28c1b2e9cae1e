import type { Unit } from '../../shared/records'
import type { CanvasTokens } from '../theme/canvas-tokens'
import type { ChartOption } from './echarts'
import { plotWidth, type BlockView } from './plot-frame'
import { plotGrid, valueAxis, type AxisNames } from './option-axes'
import type { LegendItem } from './chart-file'
import { ratioAxis, ratioColour, ratioPosition, WHOLE_REACH, type RatioRange, type Reach } from './ratio-scale'
import { clamped, unitAxis, unitFrame } from './unit-frame'

/** One value a unit, for the profile and the table behind it. */
export interface ProfileValues {
  /** The step whose ratios are drawn as dots; null where none is known. */
  readonly step: number | null
  readonly now: Float32Array | null
  /** ‖g_l‖₂ where each unit begins and ends, of that step. */
  readonly norms: Float32Array | null
  readonly band: {
    readonly label: string
    readonly mean: Float32Array
    readonly min: Float32Array
    readonly max: Float32Array
  } | null
}

export interface ProfileInput {
  readonly units: readonly Unit[]
  readonly values: ProfileValues
  readonly range: RatioRange
  /** The part of the range that is drawn; all of it where absent. */
  readonly reach?: Reach | undefined
  /** Of the dots' colours: that of the heat map. */
  readonly colours: RatioRange
  readonly view: BlockView
  /** Half-width of the bound that is shaded around 1; null shows none. */
  readonly delta: number | null
  readonly tokens: CanvasTokens
  readonly width: number
  /** In a file. */
  readonly names?: AxisNames
}

/** Pixels that a block needs for a dot of its own. */
const DOT_ROOM = 5

/** The profile as ECharts draws it. The vertical axis carries log(ratio)/log(range), so that it is symmetric about 1. */
export function profileOption(input: ProfileInput): ChartOption {
  const { values, range, view, tokens, width, names } = input
  const { now, band } = values
  const axis = ratioAxis(range, input.reach)
  const within = (ratio: number): number => clamped(ratioPosition(ratio, range))
  return {
    animation: false,
    grid: plotGrid(26, names),
    xAxis: unitAxis(view, width, tokens, names?.x),
    // The gridlines lie over the stages' areas.
    yAxis: { ...valueAxis(axis, tokens, names?.y), z: 2 },
    series: [
      unitFrame(input),
      {
        id: 'band-min',
        type: 'line',
        silent: true,
        symbol: 'none',
        stack: 'band',
        stackStrategy: 'all',
        lineStyle: { opacity: 0 },
        z: 3,
        data: band ? line(band.min, within) : [],
      },
      {
        id: 'band-max',
        type: 'line',
        silent: true,
        symbol: 'none',
        stack: 'band',
        stackStrategy: 'all',
        lineStyle: { opacity: 0 },
        areaStyle: { color: tokens.series[7], opacity: 0.28 },
        z: 3,
        data: band ? line(band.max, (ratio, l) => within(ratio) - within(band.min[l]!)) : [],
      },
      {
        id: 'mean',
        type: 'line',
        silent: true,
        symbol: 'none',
        lineStyle: { color: tokens.series[7], width: 1.5 },
        z: 4,
        data: band ? line(band.mean, within) : [],
      },
      ...(now ? ratioMarks(now, input) : []),
    ],
  }
}

/** A ratio a unit: a line, a dot each where there is room for dots, and marks at the edge for what lies outside of the axis. */
export function ratioMarks(
  now: Float32Array,
  input: Pick<ProfileInput, 'units' | 'range' | 'reach' | 'colours' | 'view' | 'tokens' | 'width'>,
): object[] {
  const { units, range, colours, view, tokens, width } = input
  const room = plotWidth(width) / (view.to - view.from + 1)
  const position = (ratio: number): number => ratioPosition(ratio, range)
  const axis = ratioAxis(range, input.reach)
  const colour = (params: { dataIndex: number; data: readonly number[] }): string =>
    ratioColour(now[params.data[2]!] ?? NaN, colours, tokens.ratios)
  const dots = (kind: Unit['kind'], symbol: string, symbolSize: number, shown: boolean) => ({
    id: kind,
    type: 'scatter',
    silent: true,
    symbol,
    symbolSize,
    z: 6,
    itemStyle: { color: colour, borderColor: tokens.ink2, borderWidth: 1 },
    data: shown ? inRange(units, kind, now, position, axis) : [],
  })
  return [
    {
      id: 'now',
      type: 'line',
      silent: true,
      symbol: 'none',
      lineStyle: { color: tokens.ink, width: 1, opacity: room < DOT_ROOM ? 0.9 : 0.45 },
      z: 5,
      data: line(now, (ratio) => clamped(position(ratio), input.reach)),
    },
    dots('block', 'circle', Math.min(8, Math.max(4, room * 0.7)), room >= DOT_ROOM),
    dots('transition', 'diamond', 11, true),
    dots('stem', 'rect', 8, true),
    ...edgeMarks(now, input),
  ]
}

function inRange(
  units: readonly Unit[],
  kind: Unit['kind'],
  now: Float32Array,
  position: (ratio: number) => number,
  { from, to }: Reach,
): number[][] {
  const points: number[][] = []
  for (let l = 0; l < units.length; l++) {
    const y = position(now[l] ?? NaN)
    if (units[l]!.kind === kind && y >= from && y <= to) points.push([l + 1, y, l])
  }
  return points
}

/** Arrows at the edge for what lies outside of the axis, crosses for what is no positive number. */
function edgeMarks(
  now: Float32Array,
  { range, reach = WHOLE_REACH, tokens }: Pick<ProfileInput, 'range' | 'reach' | 'tokens'>,
): object[] {
  const over: number[][] = []
  const under: number[][] = []
  const missing: number[][] = []
  for (let l = 0; l < now.length; l++) {
    const side = sideOf(now[l]!, range, reach)
    if (side === 'over') over.push([l + 1, reach.to])
    else if (side === 'under') under.push([l + 1, reach.from])
    else if (side === 'none') missing.push([l + 1, reach.from])
  }
  const marks = { type: 'scatter', silent: true, symbolSize: 9, z: 7, clip: false }
  return [
    {
      ...marks,
      id: 'over',
      symbol: 'triangle',
      symbolOffset: [0, 5],
      itemStyle: { color: tokens.over, borderColor: tokens.surface },
      data: over,
    },
    {
      ...marks,
      id: 'under',
      symbol: 'triangle',
      symbolRotate: 180,
      symbolOffset: [0, -5],
      itemStyle: { color: tokens.under, borderColor: tokens.surface },
      data: under,
    },
    {
      ...marks,
      id: 'missing',
      symbol: 'path://M0 2 2 0 5 3 8 0 10 2 7 5 10 8 8 10 5 7 2 10 0 8 3 5Z',
      symbolOffset: [0, -6],
      itemStyle: { color: tokens.failed },
      data: missing,
    },
  ]
}

/** Where a dot stands that is not inside the axis; null for one that is. */
function sideOf(ratio: number, range: RatioRange, { from, to }: Reach): 'over' | 'under' | 'none' | null {
  const y = ratioPosition(ratio, range)
  if (ratio === Infinity || y > to) return 'over'
  if (Number.isNaN(y)) return 'none'
  return y < from ? 'under' : null
}

/** What the profile's marks stand for: those that it has. */
export function profileLegend(
  units: readonly Unit[],
  { now, band }: ProfileValues,
  range: RatioRange,
  { reach = WHOLE_REACH, hasBound = true }: { reach?: Reach; hasBound?: boolean } = {},
): LegendItem[] {
  const kinds = new Set(units.map(({ kind }) => kind))
  const sides = new Set(Array.from(now ?? [], (ratio) => sideOf(ratio, range, reach)))
  const kindItems = [
    { shape: 'dot', text: 'block' },
    { shape: 'diamond', text: 'transition' },
    { shape: 'square', text: 'stem' },
  ] as const
  return [
    ...kindItems.filter(({ text }) => kinds.has(text)),
    ...(band
      ? ([
          { shape: 'line', colour: 'var(--series-8)', text: 'mean' },
          { shape: 'band', colour: 'var(--series-8)', text: 'min–max' },
        ] as const)
      : []),
    ...(hasBound ? ([{ shape: 'bound', colour: 'var(--accent)', text: '1 ± δ' }] as const) : []),
    ...(sides.has('over') ? ([{ shape: 'up', colour: 'var(--ratio-over)', text: 'above the axis' }] as const) : []),
    ...(sides.has('under') ? ([{ shape: 'down', colour: 'var(--ratio-under)', text: 'below the axis, or 0' }] as const) : []),
    ...(sides.has('none') ? ([{ shape: 'cross', colour: 'var(--state-failed)', text: 'no finite ratio' }] as const) : []),
  ]
}

function line(values: Float32Array, position: (ratio: number, index: number) => number): (readonly [number, number | '-'])[] {
  return Array.from(values, (ratio, l) => {
    const y = position(ratio, l)
    return [l + 1, Number.isFinite(y) ? y : '-'] as const
  })
}
