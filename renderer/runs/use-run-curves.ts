import { computed, type Ref } from 'vue'
import type { CurveAxis } from '../../shared/comparison'
import { measures } from '../../shared/measures'
import { OVER } from '../../shared/measures/measure'
import { epochValues } from '../../shared/measures/values'
import type { Unit } from '../../shared/records'
import type { ScaleKind } from '../charts/axis'
import type { Curve, XView } from '../charts/curve-option'
import { axisEnd } from '../charts/growing-columns'
import { nearestIndex } from '../charts/thin'
import type { XKind } from '../charts/x-ticks'
import { formatDuration, formatPercent, significant } from '../ui/format'
import { formatMeasure } from '../ui/format-measure'
import type { RunRecords, StepColumn } from './run-records'

/** A chart over the steps of a run: the measures that are its lines, the first of which gives it its title. */
export interface RunChart {
  readonly name: string
  readonly title: string
  readonly unit: string
  readonly scale: ScaleKind
  readonly lines: readonly (typeof measures)[number][]
}

/** Share of the blocks within the bound of the reader's c: no measure of the run alone, so none of the table's. */
const WITHIN: RunChart = {
  name: 'within',
  title: 'Blocks within the bound',
  unit: 'of those with a finite ratio',
  scale: 'share',
  lines: [],
}

export const RUN_CHARTS: readonly RunChart[] = measures.flatMap((first) => {
  if (!first.chart || !('title' in first.chart)) return []
  const others = measures.filter(({ chart }) => chart && 'with' in chart && chart.with === first.name)
  const over = first.over === 'run' || others.some((other) => other.over !== first.over) ? '' : OVER[first.over]
  const unit = [others.length > 0 && first.unit === OVER[first.over] ? '' : first.unit, over].filter(Boolean).join(', ')
  const chart = { name: first.name, title: first.chart.title, unit, scale: first.scale, lines: [first, ...others] }
  return first.name === 'coveringC' ? [chart, WITHIN] : [chart]
})

export const AXIS_NAMES: Readonly<Record<CurveAxis, string>> = {
  step: 'step',
  epoch: 'epoch',
  wall: 'after',
  process: 'after',
}

/** What an axis is called, and what it counts. */
export const AXIS_TITLES: Readonly<Record<CurveAxis, string>> = {
  step: 'step',
  epoch: 'epoch',
  wall: 'wall time since the first step',
  process: 'time of the steps',
}
export const X_KINDS: Readonly<Record<CurveAxis, XKind>> = { step: 'whole', epoch: 'number', wall: 'time', process: 'time' }

/** Seconds as a tooltip has them. */
export const formatSeconds = (seconds: number): string =>
  seconds < 60 ? `${significant(seconds, 3)} s` : formatDuration(seconds)

/** Places of a run's steps on an axis: the step, the epoch as a fraction, seconds of the wall clock or of computing. */
export function axisOf(
  axis: CurveAxis,
  { step, ms, at }: { step: ArrayLike<number>; ms: ArrayLike<number>; at: ArrayLike<number> },
  stepsPerEpoch: number,
): Float64Array {
  const result = new Float64Array(step.length)
  let process = 0
  for (let i = 0; i < step.length; i++) {
    process += Number.isFinite(ms[i]!) ? ms[i]! / 1000 : 0
    if (axis === 'step') result[i] = step[i]!
    else if (axis === 'epoch') result[i] = stepsPerEpoch > 0 ? step[i]! / stepsPerEpoch : step[i]!
    else if (axis === 'process') result[i] = process
    // Bundles arrive together; a record without its time stands where the computing had come to.
    else
      result[i] = Math.max(
        i > 0 ? result[i - 1]! : 0,
        Number.isFinite(at[i]!) && Number.isFinite(at[0]!) ? (at[i]! - at[0]!) / 1000 : process,
      )
  }
  return result
}

export interface SharedCurve {
  readonly step: Float64Array
  readonly share: Float32Array
}

/** A run's curves on the chosen axis, and the way between steps and places on it. */
export function useRunCurves(
  records: Ref<RunRecords>,
  revision: Ref<number>,
  planned: Ref<{ steps: number; stepsPerEpoch: number }>,
  axis: Ref<CurveAxis>,
  within: Ref<SharedCurve | null>,
  units: Ref<readonly Pick<Unit, 'kind'>[]>,
  /** The split that the run is tested on. */
  testSplit: Ref<string>,
) {
  /** Columns grow in place; each revision hands out fresh views of them. */
  const columns = computed(() => {
    void revision.value
    const view = (name: StepColumn): Float64Array => records.value.column(name).view()
    const x = axisOf(axis.value, { step: view('step'), ms: view('ms'), at: view('at') }, planned.value.stepsPerEpoch)
    return { x, view, step: view('step'), epochs: records.value.epochs }
  })
  /** Place of a step on the axis. */
  const xOf = (step: number): number => {
    const { x, step: steps } = columns.value
    const index = nearestIndex(steps, step)
    return index < 0 ? 0 : x[index]!
  }
  /** The step nearest to a place on the axis. */
  const stepAt = (x: number): number | null => {
    const index = nearestIndex(columns.value.x, x)
    return index < 0 ? null : columns.value.step[index]!
  }

  const lineOf = (measure: RunChart['lines'][number], colour: number): Curve => {
    const { name, chart, isExact = false, isOfTests = false, step, epoch } = measure
    const line = isOfTests ? testSplit.value : (chart?.line ?? name)
    const common = { id: name, name: line, colour, format: (value: number) => formatMeasure(measure, value) }
    if (step) return { ...common, style: 'line', x: columns.value.x, y: columns.value.view(name as StepColumn), isExact }
    const points = columns.value.epochs.flatMap((record) => {
      const value = epoch?.of(epochValues(record, units.value)) ?? null
      return value === null ? [] : [{ x: xOf(record.lastStep), y: value }]
    })
    return { ...common, style: 'points', x: Float64Array.from(points, ({ x }) => x), y: points.map(({ y }) => y) }
  }
  const withinCurves = computed<Curve[]>(() => {
    if (!within.value) return []
    const { step, share } = within.value
    return [
      {
        id: 'within',
        name: 'within',
        colour: 0,
        style: 'line',
        x: Float64Array.from(step, xOf),
        y: share,
        format: formatPercent,
      },
    ]
  })
  const curves = computed(
    () => new Map(RUN_CHARTS.map((chart) => [chart.name, chart === WITHIN ? withinCurves.value : chart.lines.map(lineOf)])),
  )
  /** All of the axis: up to the planned end over steps and epochs, up to now over time. */
  const whole = computed<XView>(() => {
    const { x } = columns.value
    const last = x[x.length - 1] ?? 0
    const { steps, stepsPerEpoch } = planned.value
    if (axis.value === 'step') return { from: 0, to: axisEnd(last, steps) }
    if (axis.value === 'epoch') return { from: 0, to: axisEnd(last, stepsPerEpoch > 0 ? steps / stepsPerEpoch : 0) }
    return { from: 0, to: Math.max(last, 1) }
  })
  return { curves, whole, xOf, stepAt }
}
