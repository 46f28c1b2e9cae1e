import type { CanvasTokens } from './canvas-tokens'
import type { ChartOption } from './echarts'
import { thinned } from './growing-columns'
import { PLOT_LEFT, PLOT_RIGHT } from './plot-frame'

/** A curve over steps. */
export interface Curve {
  readonly name: string
  /** Which of the eight series' colours, from 0. */
  readonly colour: number
  readonly style: 'faint' | 'line' | 'points'
  readonly x: ArrayLike<number>
  readonly y: ArrayLike<number>
  readonly format: (value: number) => string
}

export interface CurvesInput {
  readonly curves: readonly Curve[]
  /** `zero` is linear from 0; `share` is 0 to 100 %. */
  readonly scale: 'linear' | 'log' | 'share' | 'zero'
  /** The last step that the axis shows. */
  readonly end: number
  readonly tokens: CanvasTokens
  readonly width: number
}

/** Curves over steps as ECharts draws them; no more points than the eye can tell apart at this width. */
export function curveOption({ curves, scale, end, tokens, width }: CurvesInput): ChartOption {
  const label = { color: tokens.ink3, fontSize: 11, fontFamily: tokens.font }
  return {
    animation: false,
    grid: { outerBoundsMode: 'none', left: PLOT_LEFT, right: PLOT_RIGHT, top: 8, bottom: 24 },
    xAxis: {
      type: 'value',
      min: 0,
      max: end,
      minInterval: 1,
      splitNumber: Math.max(2, Math.round(width / 110)),
      axisLine: { lineStyle: { color: tokens.lineStrong }, onZero: false },
      axisTick: { show: false },
      splitLine: { show: false },
      axisLabel: { ...label, formatter: shortCount, hideOverlap: true },
    },
    yAxis: {
      type: scale === 'log' ? 'log' : 'value',
      ...(scale === 'share' ? { min: 0, max: 1, interval: 0.25 } : scale === 'zero' ? { min: 0 } : { scale: true }),
      splitNumber: 4,
      axisLine: { show: false },
      axisTick: { show: false },
      splitLine: { lineStyle: { color: tokens.line } },
      axisLabel: {
        ...label,
        formatter: (value: number) => (scale === 'share' ? `${Math.round(value * 100)} %` : shortNumber(value)),
      },
    },
    series: curves.map((curve) => ({
      id: curve.name,
      name: curve.name,
      type: 'line',
      silent: true,
      symbol: curve.style === 'points' ? 'circle' : 'none',
      symbolSize: Math.min(6, Math.max(2, width / Math.max(1, curve.x.length))),
      showAllSymbol: true,
      lineStyle: {
        color: tokens.series[curve.colour],
        width: curve.style === 'faint' ? 1 : 1.75,
        opacity: curve.style === 'faint' ? 0.35 : 1,
      },
      itemStyle: { color: tokens.series[curve.colour] },
      z: curve.style === 'faint' ? 2 : curve.style === 'line' ? 3 : 4,
      data: pairs(thinned(curve.x, curve.y, Math.max(200, width * 2)), scale),
    })),
  }
}

function pairs(flat: Float64Array, scale: CurvesInput['scale']): (readonly [number, number | '-'])[] {
  return Array.from({ length: flat.length / 2 }, (_, i) => {
    const y = flat[2 * i + 1]!
    return [flat[2 * i]!, Number.isFinite(y) && (scale !== 'log' || y > 0) ? y : '-'] as const
  })
}

/** Index of the value of an ascending column that is nearest to x; −1 where the column is empty. */
export function nearestIndex(column: ArrayLike<number>, x: number): number {
  let low = 0
  let high = column.length - 1
  if (high < 0) return -1
  while (low < high) {
    const middle = (low + high) >> 1
    if (column[middle]! < x) low = middle + 1
    else high = middle
  }
  return low > 0 && x - column[low - 1]! < column[low]! - x ? low - 1 : low
}

function shortCount(value: number): string {
  if (!Number.isInteger(value)) return ''
  if (value >= 1e6) return `${value / 1e6}M`
  return value >= 10_000 ? `${value / 1000}k` : String(value)
}

function shortNumber(value: number): string {
  if (value === 0) return '0'
  return Math.abs(value) >= 1e5 || Math.abs(value) < 1e-3
    ? value.toExponential(0).replace('e+', 'e')
    : String(Number(value.toPrecision(4)))
}
