import type { Measure } from '../../../shared/measures/measure'
import type { SearchProgress, SearchTrial } from '../../../shared/search/progress'
import { isInterval, type SearchAxis } from '../../../shared/search/space'
import { axisLabel, valueText } from '../../../shared/search/trial-words'
import { type Axis, axisFor, isShown, wholeAxis } from '../../charts/axis'
import type { ChartOption } from '../../charts/echarts'
import { labelStyle, named, valueAxis } from '../../charts/option-axes'
import type { CanvasTokens } from '../../theme/canvas-tokens'

/** What the charts of a search draw. */
export interface SearchInput {
  readonly trials: readonly SearchTrial[]
  readonly measure: Measure
  readonly tokens: CanvasTokens
  readonly width: number
}

/** Trials of whole runs are full dots, those that were ended early rings. */
const isWhole = ({ state }: SearchTrial): boolean => state === 'done'

const valued = (trials: readonly SearchTrial[]): (SearchTrial & { mean: number })[] =>
  trials.filter((trial): trial is SearchTrial & { mean: number } => trial.mean !== null && Number.isFinite(trial.mean))

/** The objective's axis: around the values, so that small differences are seen. */
function objectiveAxis(trials: readonly SearchTrial[], { scale }: Measure): Axis {
  const values = valued(trials).map(({ mean }) => mean)
  const kind = scale === 'log' && values.every((value) => isShown(value, 'log')) ? 'log' : 'linear'
  return axisFor(kind, Math.min(...values), Math.max(...values))
}

/** A setting's: on the scale that it was drawn on; words and choices in their order. */
function settingAxis(axis: SearchAxis): { numbers: Axis } | { words: string[] } {
  if (!isInterval(axis)) return { words: axis.choices.map((choice) => valueText(axis.path, choice)) }
  const { low, high, whole, scale } = axis
  return { numbers: scale === 'log' ? axisFor('log', low, high) : whole ? wholeAxis(low, high) : axisFor('linear', low, high) }
}

const placeOn = (axis: SearchAxis, on: ReturnType<typeof settingAxis>, value: unknown): number | string =>
  'words' in on ? valueText(axis.path, value) : on.numbers.place(value as number)

const dotOf = (trial: SearchTrial, best: number | null, tokens: CanvasTokens): object => {
  const ink = trial.number === best ? tokens.series[1]! : tokens.series[0]!
  return isWhole(trial)
    ? { color: ink, borderColor: tokens.surface, borderWidth: 1 }
    : { color: tokens.surface, borderColor: ink, borderWidth: 2 }
}

const nameOfBest = (trial: SearchTrial, best: number | null, tokens: CanvasTokens): object => ({
  ...labelStyle(tokens),
  show: trial.number === best,
  position: 'top',
  color: tokens.ink2,
  formatter: () => `trial ${trial.number}`,
})

/** The objective by one setting, a dot a trial. */
export function settingOption(
  { trials, measure, tokens }: SearchInput,
  axis: SearchAxis,
  best: number | null,
  names: { x: string; y: string },
): ChartOption {
  const [across, up] = [settingAxis(axis), objectiveAxis(trials, measure)]
  const x =
    'words' in across
      ? { type: 'category', data: across.words, axisTick: { show: false }, axisLabel: labelStyle(tokens) }
      : valueAxis(across.numbers, tokens)
  return {
    animation: false,
    grid: { outerBoundsMode: 'none', left: 72, right: 24, top: 18, bottom: 40 },
    xAxis: {
      ...x,
      ...named(names.x, tokens, 24),
      axisLine: { show: true, lineStyle: { color: tokens.lineStrong }, onZero: false },
    },
    yAxis: valueAxis(up, tokens, names.y),
    series: [
      {
        id: 'trials',
        type: 'scatter',
        symbolSize: 9,
        data: valued(trials).map((trial) => ({
          name: String(trial.number),
          value: [placeOn(axis, across, trial.values[axis.path]), up.place(trial.mean)],
          itemStyle: dotOf(trial, best, tokens),
          label: nameOfBest(trial, best, tokens),
        })),
      },
    ],
  } as ChartOption
}

/** The trials in their order, and the best of the whole ones so far as a stair. */
export function bestOption(
  { trials, measure, tokens }: SearchInput,
  sofar: SearchProgress['best'],
  best: number | null,
  names: { x: string; y: string },
): ChartOption {
  const up = objectiveAxis(trials, measure)
  const across = wholeAxis(1, Math.max(trials.length, 2))
  const last = sofar[sofar.length - 1]
  const stair = [...sofar, ...(last ? [{ trial: Math.max(trials.length, last.trial), value: last.value }] : [])]
  return {
    animation: false,
    grid: { outerBoundsMode: 'none', left: 72, right: 24, top: 18, bottom: 40 },
    xAxis: {
      ...valueAxis(across, tokens),
      ...named(names.x, tokens, 24),
      axisLine: { show: true, lineStyle: { color: tokens.lineStrong }, onZero: false },
    },
    yAxis: valueAxis(up, tokens, names.y),
    series: [
      {
        id: 'best',
        type: 'line',
        step: 'end',
        symbol: 'none',
        lineStyle: { color: tokens.series[1]!, width: 2 },
        data: stair.map(({ trial, value }) => [across.place(trial), up.place(value)]),
      },
      {
        id: 'trials',
        type: 'scatter',
        symbolSize: 8,
        data: valued(trials).map((trial) => ({
          name: String(trial.number),
          value: [across.place(trial.number), up.place(trial.mean)],
          itemStyle: dotOf(trial, best, tokens),
          label: nameOfBest(trial, best, tokens),
        })),
      },
    ],
  } as ChartOption
}

/** A line a trial through all settings to the objective; the best stands out, those that were ended early are dashed. */
export function trialsOption(
  { trials, measure, tokens, width }: SearchInput,
  space: readonly SearchAxis[],
  best: number | null,
  name: string,
): ChartOption {
  const ground = { backgroundColor: tokens.surface, padding: [1, 2] }
  const label = { color: tokens.ink3, fontSize: 10, fontFamily: tokens.font }
  const axes = [...space.map(settingAxis), { numbers: objectiveAxis(trials, measure) }]
  const titles = [...space.map(({ path }) => axisLabel(path)), name]
  return {
    animation: false,
    parallel: { left: 60, right: 60, top: 36, bottom: 16 },
    parallelAxis: axes.map((axis, dim) => {
      const made =
        'words' in axis
          ? { type: 'category', data: axis.words, axisTick: { show: false }, axisLabel: { ...label, ...ground } }
          : (valueAxis(axis.numbers, tokens) as { axisLabel: object })
      return {
        ...made,
        ...('words' in axis ? {} : { axisLabel: { ...made.axisLabel, ...ground } }),
        ...{ dim, z: 3, name: titles[dim]!, nameLocation: 'end' },
        nameTextStyle: { ...label, width: width / (axes.length + 1), overflow: 'break', lineHeight: 12 },
        axisLine: { show: true, lineStyle: { color: tokens.lineStrong } },
      }
    }),
    series: [...valued(trials)]
      .sort((a, b) => Number(a.number === best) - Number(b.number === best))
      .map((trial) => ({
        id: String(trial.number),
        type: 'parallel',
        name: `trial ${trial.number}`,
        lineStyle: {
          color: trial.number === best ? tokens.series[1]! : tokens.series[0]!,
          width: trial.number === best ? 3 : 1.2,
          opacity: trial.number === best ? 1 : 0.5,
          type: isWhole(trial) ? 'solid' : 'dashed',
        },
        data: [
          axes.map((on, dim) => {
            const axis = space[dim]
            return axis ? placeOn(axis, on, trial.values[axis.path]) : 'numbers' in on ? on.numbers.place(trial.mean) : '-'
          }),
        ],
      })),
  } as ChartOption
}
