import type { CanvasTokens } from '../../theme/canvas-tokens'
import type { ChartOption } from '../../charts/echarts'
import type { LegendItem } from '../../charts/chart-file'
import { labelStyle, named } from '../../charts/option-axes'
import { roundTicks } from '../../charts/axis'

/** Points of a split to draw: two features of each, and its class. */
export interface DrawnPoints {
  /** [points, 2]. */
  readonly values: Float32Array
  readonly labels: ArrayLike<number>
}

/** ECharts' symbols, and their names in legends. */
const SHAPES = [
  { symbol: 'circle', shape: 'dot' },
  { symbol: 'diamond', shape: 'diamond' },
  { symbol: 'triangle', shape: 'up' },
  { symbol: 'rect', shape: 'square' },
] as const

const COLOURS = 8

/** A class's colour, a number of the page's series from 0, and its shape where the colours begin again. */
export const lookOfClass = (label: number): { series: number } & (typeof SHAPES)[number] => ({
  series: label % COLOURS,
  ...SHAPES[Math.floor(label / COLOURS) % SHAPES.length]!,
})

export const classLegend = (names: readonly string[]): LegendItem[] =>
  names.map((text, label) => {
    const { shape, series } = lookOfClass(label)
    return { shape, colour: `var(--series-${series + 1})`, text }
  })

const MARGIN = { left: 56, right: 16, top: 12, bottom: 44 }

/**
 * The scatter plot of two features, a colour a class. Both axes have one scale, so that a circle is round.
 *
 * @param names Of the two features.
 */
export function pointsOption(
  { values, labels }: DrawnPoints,
  classes: number,
  names: readonly [x: string, y: string],
  tokens: CanvasTokens,
  size: { readonly width: number; readonly height: number },
): ChartOption {
  const data: [number, number][][] = Array.from({ length: classes }, () => [])
  for (let i = 0; i < labels.length; i++) data[labels[i]!]?.push([values[2 * i]!, values[2 * i + 1]!])
  const [across, up] = spans(values, size)
  return {
    animation: false,
    grid: { outerBoundsMode: 'none', ...MARGIN },
    xAxis: axisOf(across, names[0], tokens, 24),
    yAxis: axisOf(up, names[1], tokens, 40),
    series: data.flatMap((points, label) => {
      if (points.length === 0) return []
      const { series, symbol } = lookOfClass(label)
      return [
        {
          ...{ id: String(label), type: 'scatter', symbol, data: points },
          // At once: what is left for later frames would be drawn on a chart that is gone where the page is left meanwhile.
          progressive: 0,
          symbolSize: labels.length > 2000 ? 3 : 6,
          itemStyle: { color: tokens.series[series], opacity: labels.length > 2000 ? 0.7 : 0.85 },
        },
      ]
    }),
  }
}

interface Span {
  readonly from: number
  readonly to: number
}

/** What both axes show: all points, in the middle, at as many units a pixel across as up. */
function spans(values: Float32Array, { width, height }: { readonly width: number; readonly height: number }): [Span, Span] {
  const ends = [0, 1].map((axis) => {
    let [least, most] = [Infinity, -Infinity]
    for (let i = axis; i < values.length; i += 2) {
      least = Math.min(least, values[i]!)
      most = Math.max(most, values[i]!)
    }
    return least <= most ? { least, most } : { least: -1, most: 1 }
  })
  const pixels = [width - MARGIN.left - MARGIN.right, height - MARGIN.top - MARGIN.bottom].map((side) => Math.max(1, side))
  const perPixel = Math.max(...ends.map(({ least, most }, i) => (1.06 * (most - least || 1)) / pixels[i]!))
  return ends.map(({ least, most }, i) => {
    const [middle, half] = [(least + most) / 2, (perPixel * pixels[i]!) / 2]
    return { from: middle - half, to: middle + half }
  }) as [Span, Span]
}

function axisOf({ from, to }: Span, name: string, tokens: CanvasTokens, gap: number): object {
  const { values, texts } = roundTicks(from, to, 5, 'inside')
  const apart = (values[1]! - values[0]!) / 2 || 1
  const textOf = (value: number): string => texts[values.findIndex((tick) => Math.abs(tick - value) < apart)] ?? ''
  return {
    ...{ type: 'value', min: from, max: to },
    axisLine: { show: true, lineStyle: { color: tokens.lineStrong }, onZero: false },
    axisTick: { show: false, customValues: values },
    splitLine: { show: false },
    axisLabel: { ...labelStyle(tokens), customValues: values, formatter: textOf },
    ...named(name, tokens, gap),
  }
}

/**
 * Each how-manieth vector is drawn, so that at most `most` are. Classes of sets made by program take turns: a stride that shares no factor
 * with their number meets all of them.
 */
export function strideOf(count: number, most: number, classes: number): number {
  const shared = (a: number, b: number): number => (b === 0 ? a : shared(b, a % b))
  let stride = Math.max(1, Math.ceil(count / most))
  while (stride > 1 && shared(stride, classes) > 1) stride++
  return stride
}
