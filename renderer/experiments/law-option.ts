import type { LawJudgement } from '../../shared/experiments/law-verdict'
import { lawOf, type LawPoint } from '../../shared/experiments/laws'
import { axisFor } from '../charts/axis'
import type { LegendItem } from '../charts/chart-file'
import type { ChartOption } from '../charts/echarts'
import { labelStyle, named, plotGrid, valueAxis, type AxisNames } from '../charts/option-axes'
import type { CanvasTokens } from '../theme/canvas-tokens'

export interface LawInput {
  /** Of one law: a variant each. */
  readonly judgements: readonly LawJudgement[]
  readonly tokens: CanvasTokens
  /** In a file. */
  readonly names?: AxisNames
}

/** Of the variants in turn, and in the legend. */
const SYMBOLS = ['circle', 'diamond'] as const
const SHAPES = ['dot', 'diamond'] as const
/** Points of a line: of what is no power of the depth itself it is a curve here. */
const SAMPLES = 24

/** The figure over the number of blocks, both logarithmic, with the line that was laid through each variant's points and, dashed, the one that is expected of it. */
export function lawOption({ judgements, tokens, names }: LawInput): ChartOption {
  const points = judgements.flatMap((one) => one.points)
  const blocks = [...new Set(points.map((point) => point.blocks))].sort((a, b) => a - b)
  const values = points.map(({ value }) => value)
  const axis = axisFor('log', Math.min(...values), Math.max(...values))
  const [first, last] = [Math.log2(blocks[0]!), Math.log2(blocks[blocks.length - 1]!)]
  const margin = Math.max(0.25, (last - first) * 0.06)
  const through = (own: readonly LawPoint[], over: (depth: number) => number, slope: number): number[][] => {
    const mean = (of: (point: LawPoint) => number): number => own.reduce((sum, point) => sum + of(point), 0) / own.length
    const [x0, y0] = [mean((point) => Math.log(over(point.blocks))), mean((point) => Math.log(point.value))]
    return Array.from({ length: SAMPLES + 1 }, (_, i) => {
      const place = first + ((last - first) * i) / SAMPLES
      return [place, axis.place(Math.exp(y0 + slope * (Math.log(over(2 ** place)) - x0)))]
    })
  }
  const series = judgements.flatMap(({ expectation, points: own, law }, i): object[] => {
    const { over } = lawOf(expectation.law)
    const style = { color: tokens.series[i % tokens.series.length]! }
    return [
      {
        ...{ id: expectation.of, type: 'scatter', silent: true, symbol: SYMBOLS[i % SYMBOLS.length]!, symbolSize: 8, z: 5 },
        itemStyle: { ...style, opacity: 0.8, borderColor: tokens.surface },
        data: own.map((point) => [Math.log2(point.blocks), axis.place(point.value)]),
      },
      line(`${expectation.of}, line`, law ? through(own, over, law.slope) : [], { ...style, width: 1.5 }),
      line(`${expectation.of}, expected`, expectation.isThere && own.length > 0 ? through(own, over, expectation.slope) : [], {
        ...{ color: tokens.ink3, width: 1, type: 'dashed' },
      }),
    ]
  })
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
    series,
  }
}

const line = (id: string, data: readonly number[][], lineStyle: object): object => ({
  ...{ id, type: 'line', silent: true, symbol: 'none', z: 3, clip: true },
  ...{ lineStyle, data },
})

/** The variants, and what is expected. */
export function lawLegend(judgements: readonly LawJudgement[]): LegendItem[] {
  const expected = judgements.flatMap(({ expectation }) => (expectation.isThere ? [expectation] : []))
  const power = (slope: number): string => `power ${String(slope).replace('-', '−')}`
  const isOne = new Set(expected.map(({ slope }) => slope)).size === 1
  const powers = isOne ? power(expected[0]!.slope) : expected.map(({ of, slope }) => `${of}: ${power(slope)}`).join(', ')
  return [
    ...judgements.map(({ expectation }, i): LegendItem => ({
      ...{ shape: SHAPES[i % SHAPES.length]!, colour: `var(--series-${(i % 8) + 1})`, text: expectation.of },
    })),
    ...(expected.length > 0
      ? [{ shape: 'dashed', text: `${powers} of ${lawOf(expected[0]!.law).base}` } satisfies LegendItem]
      : []),
  ]
}
