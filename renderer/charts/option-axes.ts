import type { Axis } from './axis'
import type { CanvasTokens } from '../theme/canvas-tokens'
import { PLOT_LEFT, PLOT_RIGHT } from './plot-frame'
import type { XTicks } from './x-ticks'

/** Names of both axes; files have them, on the page the chart's frame says the same. */
export interface AxisNames {
  readonly x: string
  readonly y: string
}

/** Room for the names of the axes, CSS pixels. */
const NAME_ROOM = 18

export function labelStyle(tokens: CanvasTokens) {
  return { color: tokens.ink3, fontSize: 11, fontFamily: tokens.font }
}

/** Where the plot lies; with names it is moved to make room for them. */
export function plotGrid(top: number, names: AxisNames | undefined) {
  const room = names ? NAME_ROOM : 0
  return { outerBoundsMode: 'none', left: PLOT_LEFT + room, right: PLOT_RIGHT, top, bottom: 24 + room }
}

/** A vertical axis: labels and gridlines stand at the axis's ticks and nowhere else. */
export function valueAxis(axis: Axis, tokens: CanvasTokens, name?: string): object {
  return {
    type: 'value',
    min: axis.from,
    max: axis.to,
    axisLine: { show: false },
    axisTick: { show: false, customValues: axis.ticks },
    splitLine: { show: true, lineStyle: { type: 'solid', color: tokens.line, width: 1 } },
    axisLabel: {
      ...labelStyle(tokens),
      customValues: axis.ticks,
      formatter: (position: number) => axis.label(position),
      // Both ends are ticks, and each has its word.
      showMinLabel: true,
      showMaxLabel: true,
    },
    ...named(name, tokens, PLOT_LEFT - 8),
  }
}

/** A horizontal axis of numbers. */
export function placeAxis(ticks: XTicks, from: number, to: number, tokens: CanvasTokens, name?: string): object {
  return {
    type: 'value',
    min: from,
    max: to,
    axisLine: { lineStyle: { color: tokens.lineStrong }, onZero: false },
    axisTick: { show: false, customValues: ticks.values },
    splitLine: { show: false },
    axisLabel: {
      ...labelStyle(tokens),
      ...{ customValues: ticks.values, formatter: ticks.label, hideOverlap: true },
      // Half of a longer word than this does not fit beside the plot.
      ...(ticks.values.at(-1) === to && ticks.label(to).length > 4 && { alignMaxLabel: 'right' }),
    },
    ...named(name, tokens, 22),
  }
}

export function named(name: string | undefined, tokens: CanvasTokens, gap: number): object {
  return name === undefined
    ? {}
    : { name, nameLocation: 'middle', nameGap: gap, nameTextStyle: { ...labelStyle(tokens), color: tokens.ink2 } }
}
