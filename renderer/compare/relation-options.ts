import type { CanvasTokens } from '../charts/canvas-tokens'
import type { ChartOption } from '../charts/echarts'
import { shortNumber } from '../charts/axis'
import { runSeries, type Summary } from '../runs/run-state'
import type { SettingValue } from '../../shared/settings-text'
import { labelOfRun, type RunLabels } from './compared-run'
import { axisKind, labelOf, valueOf } from './comparison-values'

const colourOf = (run: Summary, tokens: CanvasTokens): string => tokens.series[runSeries(run.id).colour] ?? tokens.ink

/** A dot a run; words stand beside each other in the order in which they came. */
export function scatterOption(
  runs: readonly Summary[],
  labels: RunLabels,
  x: string,
  y: string,
  tokens: CanvasTokens,
  width: number,
): ChartOption {
  const label = { color: tokens.ink3, fontSize: 11, fontFamily: tokens.font }
  const axis = (name: string) => {
    const found = axisKind(runs.map((run) => valueOf(run, name)))
    const common = {
      name: labelOf(name),
      nameLocation: 'middle',
      nameTextStyle: label,
      axisLine: { lineStyle: { color: tokens.lineStrong }, onZero: false },
      axisTick: { show: false },
      splitLine: { lineStyle: { color: tokens.line } },
    }
    return found.kind === 'number'
      ? { ...common, type: 'value', scale: true, splitNumber: 4, axisLabel: { ...label, formatter: shortNumber } }
      : { ...common, type: 'category', data: found.words, axisLabel: { ...label, width: width / 8, overflow: 'truncate' } }
  }
  const place = (value: SettingValue | null, name: string): string | number =>
    value === null ? '-' : axisKind(runs.map((run) => valueOf(run, name))).kind === 'number' ? (value as number) : String(value)
  return {
    animation: false,
    grid: { left: 64, right: 20, top: 12, bottom: 40 },
    xAxis: { ...axis(x), nameGap: 24 },
    yAxis: { ...axis(y), nameGap: 44 },
    series: [
      {
        id: 'runs',
        type: 'scatter',
        symbolSize: 10,
        data: runs.map((run) => ({
          name: String(run.id),
          value: [place(valueOf(run, x), x), place(valueOf(run, y), y)],
          itemStyle: { color: colourOf(run, tokens), borderColor: tokens.surface },
          label: {
            show: runs.length <= 24,
            // As a function: in a text, braces would be read as places to fill in.
            formatter: () => labelOfRun(run.id, labels),
            position: 'top',
            color: tokens.ink2,
            fontSize: 10,
            fontFamily: tokens.font,
          },
        })),
        labelLayout: { hideOverlap: true },
      },
    ],
  }
}

/** A line a run through settings and measures. */
export function parallelOption(
  runs: readonly Summary[],
  labels: RunLabels,
  names: readonly string[],
  chosen: number | null,
  tokens: CanvasTokens,
  width: number,
): ChartOption {
  const label = { color: tokens.ink3, fontSize: 10, fontFamily: tokens.font }
  const kinds = names.map((name) => axisKind(runs.map((run) => valueOf(run, name))))
  return {
    animation: false,
    parallel: { left: 60, right: 60, top: 32, bottom: 16 },
    parallelAxis: names.map((name, dim) => {
      const kind = kinds[dim]!
      return {
        dim,
        name: labelOf(name),
        nameTextStyle: { ...label, width: width / (names.length + 1), overflow: 'truncate' },
        axisLine: { lineStyle: { color: tokens.lineStrong } },
        axisTick: { show: false },
        ...(kind.kind === 'number'
          ? { type: 'value', scale: true, axisLabel: { ...label, formatter: shortNumber } }
          : {
              type: 'category',
              data: kind.words,
              axisLabel: { ...label, width: width / (names.length + 1) - 10, overflow: 'truncate' },
            }),
      }
    }),
    series: runs.map((run) => ({
      id: String(run.id),
      type: 'parallel',
      name: labelOfRun(run.id, labels),
      smooth: false,
      lineStyle: {
        color: colourOf(run, tokens),
        width: chosen === run.id ? 3 : 1.5,
        opacity: chosen === null || chosen === run.id ? 0.9 : 0.15,
        type: runSeries(run.id).isDashed ? 'dashed' : 'solid',
      },
      data: [
        names.map((name, dim) => {
          const value = valueOf(run, name)
          if (value === null) return '-'
          return kinds[dim]!.kind === 'number' ? (value as number) : String(value)
        }),
      ],
    })),
  }
}
