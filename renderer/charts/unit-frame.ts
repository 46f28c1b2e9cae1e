import type { Unit } from '../../shared/records'
import type { CanvasTokens } from '../theme/canvas-tokens'
import { labelStyle, named } from './option-axes'
import { plotWidth, tickStep, type BlockView } from './plot-frame'
import { ratioPosition, WHOLE_REACH, type RatioRange, type Reach } from './ratio-scale'
import { stagesOf } from './stages'

/** What stands behind a chart over a network's units. */
export interface FrameInput {
  readonly units: readonly Unit[]
  readonly range: RatioRange
  /** The part of the range that is drawn; all of it where absent. */
  readonly reach?: Reach | undefined
  readonly view: BlockView
  /** Half-width of the bound that is shaded around 1; null shows none. */
  readonly delta: number | null
  readonly tokens: CanvasTokens
  readonly width: number
}

/** The horizontal axis: unit l stands at l + 1. */
export function unitAxis(view: BlockView, width: number, tokens: CanvasTokens, name?: string): object {
  return {
    type: 'value',
    min: view.from + 0.5,
    max: view.to + 1.5,
    axisLine: { lineStyle: { color: tokens.lineStrong } },
    axisTick: { show: false },
    splitLine: { show: false },
    axisLabel: {
      ...labelStyle(tokens),
      customValues: blockLabels(view, width),
      formatter: (value: number) => String(value),
    },
    ...named(name, tokens, 22),
  }
}

/** The stages as areas with their names, the bound, and the line at 1. */
export function unitFrame(input: FrameInput): object {
  return {
    id: 'frame',
    type: 'line',
    silent: true,
    data: [],
    markArea: { silent: true, data: [...stageAreas(input), ...boundArea(input)] },
    markLine: {
      silent: true,
      symbol: 'none',
      label: { show: false },
      data: [{ yAxis: 0, lineStyle: { type: 'solid', color: input.tokens.ink3, width: 1 } }],
    },
  }
}

function stageAreas({ units, view, tokens, width }: FrameInput): object[][] {
  const perUnit = plotWidth(width) / (view.to - view.from + 1)
  return stagesOf(units)
    .filter((stage) => stage.to >= view.from && stage.from <= view.to)
    .map((stage) => {
      const from = Math.max(stage.from, view.from)
      const to = Math.min(stage.to, view.to)
      const pixels = (to - from + 1) * perUnit
      // A run that was trained elsewhere need not tell its shapes.
      const words = [[stage.name, stage.resolution].filter(Boolean).join(' · '), stage.resolution, stage.name, '']
      const label = words.find((text) => text.length * 6.2 <= pixels - 2) ?? ''
      return [
        {
          xAxis: from + 0.5,
          itemStyle: { color: tokens.sunken },
          label: {
            show: label !== '',
            position: 'top',
            distance: 4,
            formatter: label,
            color: tokens.ink3,
            fontSize: 11,
            fontFamily: tokens.font,
          },
        },
        { xAxis: to + 1.5 },
      ]
    })
}

function boundArea({ delta, range, reach = WHOLE_REACH, tokens }: FrameInput): object[][] {
  if (delta === null) return []
  const low = delta < 1 ? clamped(ratioPosition(1 - delta, range), reach) : Math.min(-1, reach.from)
  const high = clamped(ratioPosition(1 + delta, range), reach)
  const style = { color: tokens.accent, opacity: 0.09, borderColor: tokens.accent, borderType: 'dashed', borderWidth: 1 }
  return [[{ yAxis: low, itemStyle: style, label: { show: false } }, { yAxis: high }]]
}

/** Far outside values stay near the edge, so that ECharts draws short lines. NaN stays NaN. */
export function clamped(y: number, { from, to }: Reach = WHOLE_REACH): number {
  return Math.min(Math.max(1, to) + 0.5, Math.max(Math.min(-1, from) - 0.5, y))
}

/** Units that the axis names: the same as below the heat map. */
function blockLabels(view: BlockView, width: number): number[] {
  const step = tickStep(view.to - view.from + 1, plotWidth(width) / 70)
  const first = Math.ceil((view.from + 1) / step) * step
  return Array.from({ length: Math.floor((view.to + 1 - first) / step) + 1 }, (_, i) => first + i * step)
}
