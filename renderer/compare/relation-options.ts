import type { CanvasTokens } from '../theme/canvas-tokens'
import type { ChartOption } from '../charts/echarts'
import { axisFor, wholeAxis, type Axis } from '../charts/axis'
import { labelStyle, valueAxis } from '../charts/option-axes'
import { looksOf, type Summary } from '../run-list/run-state'
import { testedOn } from '../../shared/data-splits'
import type { SettingValue } from '../../shared/settings-text'
import { labelOfRun, type RunLabels } from './compared-run'
import { axisKind, labelOf, valueOf } from './comparison-values'

/** An axis of numbers, or of words in the order in which they came. */
type Relation = { readonly numbers: Axis } | { readonly words: readonly string[] }

function relationOf(runs: readonly Summary[], name: string): Relation {
  const values = runs.map((run) => valueOf(run, name))
  const kind = axisKind(values)
  if (kind.kind === 'word') return { words: kind.words }
  const known = values.filter((value): value is number => typeof value === 'number' && Number.isFinite(value))
  const [low, high] = [Math.min(...known), Math.max(...known)]
  return { numbers: known.length > 0 && known.every(Number.isInteger) ? wholeAxis(low, high) : axisFor('linear', low, high) }
}

/** Where a run stands on an axis. */
function placeOn(relation: Relation, value: SettingValue | null): string | number {
  if (value === null) return '-'
  if ('words' in relation) return String(value)
  const place = relation.numbers.place(value as number)
  return Number.isFinite(place) ? place : '-'
}

/** Runs whose names stand at one dot; of more the number is told. */
const MOST_NAMED = 3

/** What stands at each run's dot: where several lie on one place, the first has the names of all, a line each, and the others none. */
function dotLabels(runs: readonly Summary[], labels: RunLabels, placeOf: (run: Summary) => unknown): Map<number, string> {
  const places = new Map<string, Summary[]>()
  for (const run of runs) {
    const place = JSON.stringify(placeOf(run))
    places.set(place, [...(places.get(place) ?? []), run])
  }
  return new Map(
    [...places.values()].map((here) => {
      const named = here.length > MOST_NAMED ? here.slice(0, MOST_NAMED - 1) : here
      const lines = named.map(({ id }) => labelOfRun(id, labels))
      return [here[0]!.id, [...lines, ...(named === here ? [] : [`and ${here.length - named.length} more`])].join('\n')]
    }),
  )
}

/** A dot a run. */
export function scatterOption(
  runs: readonly Summary[],
  labels: RunLabels,
  x: string,
  y: string,
  tokens: CanvasTokens,
  width: number,
): ChartOption {
  const label = labelStyle(tokens)
  const looks = looksOf(runs.map(({ id }) => id))
  // A ring for a run whose lines are dashed.
  const dotStyle = ({ id }: Summary): object => {
    const { colour, isDashed } = looks.get(id)!
    const ink = tokens.series[colour] ?? tokens.ink
    return isDashed ? { color: tokens.surface, borderColor: ink, borderWidth: 2.5 } : { color: ink, borderColor: tokens.surface }
  }
  const [across, up] = [relationOf(runs, x), relationOf(runs, y)]
  const placeOf = (run: Summary) => [placeOn(across, valueOf(run, x)), placeOn(up, valueOf(run, y))]
  const texts = dotLabels(runs, labels, placeOf)
  const axis = (relation: Relation, name: string) => ({
    ...('numbers' in relation
      ? valueAxis(relation.numbers, tokens)
      : {
          type: 'category',
          data: relation.words,
          axisTick: { show: false },
          splitLine: { show: true, lineStyle: { color: tokens.line } },
          axisLabel: { ...label, width: width / 8, overflow: 'truncate' },
        }),
    ...{ name: labelOf(name, testedOn(runs)), nameLocation: 'middle', nameTextStyle: { ...label, color: tokens.ink2 } },
    axisLine: { show: true, lineStyle: { color: tokens.lineStrong }, onZero: false },
  })
  return {
    animation: false,
    grid: { outerBoundsMode: 'none', left: 72, right: 20, top: 12, bottom: 40 },
    xAxis: { ...axis(across, x), nameGap: 24 },
    yAxis: { ...axis(up, y), nameGap: 52 },
    series: [
      {
        id: 'runs',
        type: 'scatter',
        symbolSize: 10,
        data: runs.map((run) => ({
          name: String(run.id),
          value: placeOf(run),
          itemStyle: dotStyle(run),
          label: {
            ...label,
            show: runs.length <= 24 && texts.has(run.id),
            // As a function: in a text, braces would be read as places to fill in.
            formatter: () => texts.get(run.id),
            // Below a dot in the upper part, where the chart ends soon.
            position: shareOn(up, valueOf(run, y)) > 0.6 ? 'bottom' : 'top',
            ...towardsMiddle(across, valueOf(run, x)),
            lineHeight: 12,
            color: tokens.ink2,
            fontSize: 10,
          },
        })),
        labelLayout: { hideOverlap: true },
      },
    ],
  }
}

/** A label at the right edge ends at its dot, and one at the left begins there, so that neither leaves the chart. */
function towardsMiddle(relation: Relation, value: SettingValue | null): { align?: 'left' | 'right' } {
  if (!('numbers' in relation)) return {}
  const share = shareOn(relation, value)
  return share > 0.7 ? { align: 'right' } : share < 0.3 ? { align: 'left' } : {}
}

/** How far along an axis a value stands, 0–1; the middle where it has no place. */
function shareOn(relation: Relation, value: SettingValue | null): number {
  if ('words' in relation) return value === null ? 0.5 : (relation.words.indexOf(String(value)) + 0.5) / relation.words.length
  if (typeof value !== 'number') return 0.5
  const { from, to, place } = relation.numbers
  const share = (place(value) - from) / (to - from || 1)
  return Number.isFinite(share) ? share : 0.5
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
  const looks = looksOf(runs.map(({ id }) => id))
  // Lines run through the axes: what stands there has ground of its own.
  const ground = { backgroundColor: tokens.surface, padding: [1, 2] }
  const numberAxis = (axis: Axis): object => {
    const made = valueAxis(axis, tokens) as { axisLabel: object }
    return { ...made, axisLabel: { ...made.axisLabel, ...ground } }
  }
  const relations = names.map((name) => relationOf(runs, name))
  return {
    animation: false,
    parallel: { left: 60, right: 60, top: 48, bottom: 16 },
    parallelAxis: relations.map((relation, dim) => ({
      ...('numbers' in relation
        ? numberAxis(relation.numbers)
        : {
            type: 'category',
            data: relation.words,
            axisTick: { show: false },
            axisLabel: { ...label, ...ground, width: width / (names.length + 1) - 10, overflow: 'truncate' },
          }),
      dim,
      z: 3,
      // What it is over in a line of its own, or two of one label would read alike.
      name: labelOf(names[dim]!, testedOn(runs)).replace(', ', '\n'),
      nameLocation: 'end',
      nameTextStyle: { ...label, width: width / (names.length + 1), overflow: 'break', lineHeight: 12 },
      axisLine: { show: true, lineStyle: { color: tokens.lineStrong } },
    })),
    series: runs.map((run) => ({
      id: String(run.id),
      type: 'parallel',
      name: labelOfRun(run.id, labels),
      smooth: false,
      lineStyle: {
        color: tokens.series[looks.get(run.id)!.colour] ?? tokens.ink,
        width: chosen === run.id ? 3 : 1.5,
        opacity: chosen === null || chosen === run.id ? 0.9 : 0.15,
        type: looks.get(run.id)!.isDashed ? 'dashed' : 'solid',
      },
      data: [names.map((name, dim) => placeOn(relations[dim]!, valueOf(run, name)))],
    })),
  }
}
