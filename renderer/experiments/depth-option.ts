import type { DepthAnswer } from '../../shared/api'
import { axisFor } from '../charts/axis'
import type { CanvasTokens } from '../theme/canvas-tokens'
import type { ChartOption } from '../charts/echarts'
import { labelStyle, named, plotGrid, valueAxis, type AxisNames } from '../charts/option-axes'
import type { LegendItem } from '../charts/chart-file'

export interface DepthInput {
  readonly found: DepthAnswer
  readonly tokens: CanvasTokens
  /** In a file. */
  readonly names?: AxisNames
}

/** Runs with and without skips: their colours and how they are called. */
const SIDES = [
  { hasSkips: true, colour: 0, text: 'with skips', symbol: 'circle' },
  { hasSkips: false, colour: 1, text: 'without skips', symbol: 'diamond' },
] as const

/** σ₁ of each run over its blocks, both logarithmic, with the lines that were laid through them and one of slope −1. */
export function depthOption({ found: { runs, withSkips, without }, tokens, names }: DepthInput): ChartOption {
  const blocks = [...new Set(runs.map((run) => run.blocks))].sort((a, b) => a - b)
  const values = runs.map(({ mean }) => mean).filter((mean) => mean > 0)
  const axis = axisFor('log', Math.min(...values), Math.max(...values))
  const [first, last] = [Math.log2(blocks[0]!), Math.log2(blocks[blocks.length - 1]!)]
  const margin = Math.max(0.25, (last - first) * 0.06)
  const side = ({ hasSkips, colour, text, symbol }: (typeof SIDES)[number]): object[] => {
    const own = runs.filter((run) => run.hasSkips === hasSkips && run.mean > 0)
    const law = hasSkips ? withSkips : without
    const style = { color: tokens.series[colour]! }
    return [
      {
        ...{ id: text, type: 'scatter', silent: true, symbol, symbolSize: 8, z: 5 },
        itemStyle: { ...style, opacity: 0.8, borderColor: tokens.surface },
        data: own.map((run) => [Math.log2(run.blocks), axis.place(run.mean)]),
      },
      line(`${text}, line`, law && own.length > 0 ? through(own, law.slope, [first, last]) : [], { ...style, width: 1.5 }),
    ]
  }
  const withSkipsRuns = runs.filter((run) => run.hasSkips && run.mean > 0)
  return {
    animation: false,
    grid: plotGrid(14, names),
    xAxis: {
      type: 'value',
      min: first - margin,
      max: last + margin,
      axisLine: { lineStyle: { color: tokens.lineStrong }, onZero: false },
      axisTick: { show: false },
      splitLine: { show: false },
      axisLabel: {
        ...labelStyle(tokens),
        customValues: blocks.map(Math.log2),
        formatter: (place: number) => String(Math.round(2 ** place)),
        hideOverlap: true,
      },
      ...named(names?.x, tokens, 22),
    },
    yAxis: valueAxis(axis, tokens, names?.y),
    series: [
      ...SIDES.flatMap(side),
      line('slope −1', withSkipsRuns.length > 0 ? through(withSkipsRuns, -1, [first, last]) : [], {
        ...{ color: tokens.ink3, width: 1, type: 'dashed' },
      }),
    ],
  }

  /** A line of that slope through the middle of the points, which the line of least squares goes through. */
  function through(points: DepthAnswer['runs'], slope: number, ends: readonly number[]): number[][] {
    const mean = (of: (run: DepthAnswer['runs'][number]) => number): number =>
      points.reduce((sum, point) => sum + of(point), 0) / points.length
    const [x0, y0] = [mean((run) => Math.log2(run.blocks)), mean((run) => Math.log2(run.mean))]
    return ends.map((x) => [x, axis.place(2 ** (y0 + slope * (x - x0)))])
  }
}

const line = (id: string, data: readonly number[][], lineStyle: object): object => ({
  ...{ id, type: 'line', silent: true, symbol: 'none', z: 3, clip: true },
  ...{ lineStyle, data },
})

/** What there is of them. */
export function depthLegend({ runs }: DepthAnswer): LegendItem[] {
  return [
    ...SIDES.filter(({ hasSkips }) => runs.some((run) => run.hasSkips === hasSkips)).map(
      ({ colour, text, hasSkips }): LegendItem => ({
        ...{ shape: hasSkips ? 'dot' : 'diamond', colour: `var(--series-${colour + 1})`, text },
      }),
    ),
    { shape: 'dashed', text: 'slope −1' },
  ]
}
