import type { Axis } from '../../charts/axis'
import type { Unit } from '../../../shared/records'
import type { CanvasTokens } from '../../theme/canvas-tokens'
import type { LegendItem } from '../../charts/chart-file'
import type { ChartOption } from '../../charts/echarts'
import { labelStyle, named, plotGrid, valueAxis, type AxisNames } from '../../charts/option-axes'
import { plotWidth, tickStep, type BlockView } from '../../charts/plot-frame'
import { ratioMarks } from '../../charts/profile-option'
import type { RatioRange, Reach } from '../../charts/ratio-scale'
import { unitAxis, unitFrame } from '../../charts/unit-frame'
import { barSeries, type PlacedBar } from './bar-series'
import { type Bar, REPAIRS, type RepairGroup } from './theory-bars'

interface Drawn {
  /** What the vertical axis is labelled with; its places are those of the ratio on its range. */
  readonly axis: Axis
  readonly range: RatioRange
  readonly reach: Reach
  readonly tokens: CanvasTokens
  readonly width: number
  /** In a file. */
  readonly names?: AxisNames
}

export interface TheoryInput extends Drawn {
  readonly units: readonly Unit[]
  readonly bars: readonly Bar[]
  /** The ratios that training measured; null where none were. */
  readonly ratios: Float32Array | null
  readonly view: BlockView
  readonly delta: number
  /** Of the dots' colours. */
  readonly colours: RatioRange
}

/** Room above the plot for the stages' names, CSS pixels. */
const TOP = 26

/** Unit by unit the bound, the extremes of the Jacobian, and the ratio; the vertical axis is that of the ratio. */
export function theoryOption(input: TheoryInput): ChartOption {
  const { bars, ratios, axis, range, reach, view, width, tokens, names } = input
  const room = plotWidth(width) / (view.to - view.from + 1)
  const placed: PlacedBar[] = bars
    .map((bar, l) => ({ x: l + 1, bar, colour: tokens.series[REPAIRS.as.colour]! }))
    .slice(view.from, view.to + 1)
  return {
    animation: false,
    grid: plotGrid(TOP, names),
    xAxis: unitAxis(view, width, tokens, names?.x),
    yAxis: { ...valueAxis(axis, tokens, names?.y), z: 2 },
    series: [
      unitFrame(input),
      ...barSeries({ bars: placed, range, reach, tokens, width: Math.min(14, room * 0.8) }),
      ...(ratios ? ratioMarks(ratios, input) : []),
    ],
  }
}

export interface RepairInput extends Drawn {
  readonly groups: readonly RepairGroup[]
}

/** Stem, transitions and dense layers before and after, a group each: group g stands around g + 1. */
export function repairOption({ groups, axis, range, reach, width, tokens, names }: RepairInput): ChartOption {
  const most = Math.max(1, ...groups.map(({ bars }) => bars.length))
  const room = plotWidth(width) / Math.max(1, groups.length)
  const placed = groups.flatMap(({ bars }, g) =>
    bars.map(({ what, bar }, i) => ({
      x: g + 1 + ((i - (bars.length - 1) / 2) * 0.8) / most,
      bar,
      colour: tokens.series[REPAIRS[what].colour]!,
    })),
  )
  const step = tickStep(groups.length, plotWidth(width) / 58)
  return {
    animation: false,
    grid: plotGrid(TOP, names),
    xAxis: {
      type: 'value',
      min: 0.5,
      max: groups.length + 0.5,
      axisLine: { lineStyle: { color: tokens.lineStrong } },
      axisTick: { show: false },
      splitLine: { show: false },
      axisLabel: {
        ...labelStyle(tokens),
        customValues: groups.flatMap((_, g) => (g % step === 0 ? [g + 1] : [])),
        formatter: (place: number) => groups[Math.round(place) - 1]?.name ?? '',
        width: Math.max(40, room * step - 6),
        overflow: 'truncate',
      },
      ...named(names?.x, tokens, 22),
    },
    yAxis: valueAxis(axis, tokens, names?.y),
    series: [
      {
        id: 'one',
        type: 'line',
        silent: true,
        data: [],
        markLine: {
          silent: true,
          symbol: 'none',
          label: { show: false },
          data: [{ yAxis: 0, lineStyle: { type: 'solid', color: tokens.ink3, width: 1 } }],
        },
      },
      ...barSeries({ bars: placed, range, reach, tokens, width: Math.min(18, (room * 0.72) / most) }),
    ],
  }
}

/** What the marks of both plots stand for, those that there are; the ratio's own come from its profile. */
export function barLegend(bars: readonly Bar[], groups: readonly RepairGroup[]): LegendItem[] {
  const repairs = new Set(groups.flatMap((group) => group.bars.map(({ what }) => what)))
  const colour = (what: keyof typeof REPAIRS): string => `var(--series-${REPAIRS[what].colour + 1})`
  return [
    { shape: 'band', colour: colour('as'), text: 'σ₁ to σₙ of the Jacobian' },
    ...(bars.some(({ isOpen }) => isOpen)
      ? ([{ shape: 'faint', colour: colour('as'), text: 'σₙ somewhere below' }] as const)
      : []),
    ...(['projected', 'pooled', 'whitened'] as const)
      .filter((what) => repairs.has(what))
      .map((what): LegendItem => ({ shape: 'band', colour: colour(what), text: REPAIRS[what].text })),
  ]
}
