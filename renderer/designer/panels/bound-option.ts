import type { CanvasTokens } from '../../theme/canvas-tokens'
import type { ChartOption } from '../../charts/echarts'
import { boundDelta } from '../../../shared/norms/bound'

/** The plot inside of its frame, CSS pixels. */
const BOUND_FRAME = { left: 44, right: 14, top: 10, bottom: 34 }
/** Ends of the axes, as decimal logarithms: L from 1 to 1000, δ from 0.0001 to 10. */
const BLOCKS = { from: 0, to: 3 }
const DELTAS = { from: -4, to: 1 }
const POINTS = 121

/** δ(L) on logarithmic axes, with a mark at the blocks that are drawn; the axes stay while c changes, so that the curve is seen to move. */
export function boundOption(c: number, blocks: number, tokens: CanvasTokens): ChartOption {
  const label = { color: tokens.ink3, fontSize: 11, fontFamily: tokens.font }
  const name = { nameLocation: 'middle', nameTextStyle: label }
  const decade = { splitNumber: 1, minInterval: 1, maxInterval: 1 }
  const curve = Array.from({ length: POINTS }, (_, i) => {
    const x = BLOCKS.from + ((BLOCKS.to - BLOCKS.from) * i) / (POINTS - 1)
    return [x, Math.log10(boundDelta(c, 10 ** x))]
  })
  const mark = blocks > 0 ? [Math.log10(blocks), Math.log10(boundDelta(c, blocks))] : null
  const inside = mark !== null && mark[0]! <= BLOCKS.to && mark[1]! >= DELTAS.from && mark[1]! <= DELTAS.to
  return {
    animation: false,
    grid: { outerBoundsMode: 'none', ...BOUND_FRAME },
    xAxis: {
      type: 'value',
      min: BLOCKS.from,
      max: BLOCKS.to,
      ...decade,
      ...name,
      name: 'blocks L',
      nameGap: 20,
      axisLine: { lineStyle: { color: tokens.lineStrong } },
      axisTick: { show: false },
      splitLine: { lineStyle: { color: tokens.line } },
      axisLabel: { ...label, formatter: (value: number) => String(10 ** value) },
    },
    yAxis: {
      type: 'value',
      min: DELTAS.from,
      max: DELTAS.to,
      ...decade,
      ...name,
      name: 'δ',
      nameGap: 32,
      axisLine: { show: false },
      axisTick: { show: false },
      splitLine: { lineStyle: { color: tokens.line } },
      axisLabel: {
        ...label,
        formatter: (value: number) => (value < -2 ? `1e${value}` : String(Number((10 ** value).toFixed(2)))),
      },
    },
    series: [
      {
        id: 'curve',
        type: 'line',
        silent: true,
        symbol: 'none',
        clip: true,
        lineStyle: { color: tokens.accent, width: 1.5 },
        data: curve,
        markLine: {
          silent: true,
          symbol: 'none',
          label: { show: false },
          lineStyle: { color: tokens.ink3, type: 'dashed', width: 1 },
          data: mark !== null && mark[0]! <= BLOCKS.to ? [{ xAxis: mark[0]! }] : [],
        },
      },
      {
        id: 'drawn',
        type: 'scatter',
        silent: true,
        symbolSize: 9,
        itemStyle: { color: tokens.accent, borderColor: tokens.surface, borderWidth: 1.5 },
        data: inside ? [mark] : [],
      },
    ],
  }
}

/** How many blocks a place of the plot stands for; null outside of it. */
export function blocksAt(x: number, width: number): number | null {
  const share = (x - BOUND_FRAME.left) / Math.max(1, width - BOUND_FRAME.left - BOUND_FRAME.right)
  return share < 0 || share > 1 ? null : Math.round(10 ** (BLOCKS.from + share * (BLOCKS.to - BLOCKS.from)))
}
