import { computed, type Ref } from 'vue'
import type { CurveAxis } from '../../shared/comparison'
import type { Curve, XView } from '../charts/curve-option'
import { axisEnd } from '../charts/growing-columns'
import { nearestIndex } from '../charts/thin'
import type { XKind } from '../charts/x-ticks'
import { formatDuration, formatLoss, formatPercent, formatRatio, significant } from '../ui/format'
import type { RunRecords, StepColumn } from './run-records'

/** Charts over the steps of a run. */
export const RUN_CHARTS = {
  loss: { title: 'Loss', unit: 'nats', scale: 'linear' },
  accuracy: { title: 'Accuracy', unit: 'share of the images', scale: 'share' },
  rate: { title: 'Learning rate', unit: '', scale: 'zero' },
  chain: { title: 'Chain ratio', unit: '‖g₁‖ ∕ ‖g_L₊₁‖', scale: 'linear' },
  deviation: { title: 'Deviation', unit: 'mean |r − 1| over the blocks', scale: 'zero' },
  coveringC: { title: 'Covering c', unit: 'smallest c whose bound covers all blocks', scale: 'zero' },
  within: { title: 'Blocks within the bound', unit: '', scale: 'share' },
  extremes: { title: 'Smallest and largest ratio', unit: 'of any unit', scale: 'linear' },
  gradientNorm: { title: 'Gradient norm', unit: '‖dE∕dθ‖ before clipping', scale: 'zero' },
  ms: { title: 'Time a step', unit: 'ms', scale: 'zero' },
} as const
export type RunChart = keyof typeof RUN_CHARTS

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

  const line = (name: string, colour: number, y: ArrayLike<number>, format: Curve['format']): Curve => ({
    ...{ id: name, name, colour, style: 'line', x: columns.value.x, y, format },
  })
  const tested = (value: 'testLoss' | 'testAccuracy', format: Curve['format']): Curve => {
    const epochs = columns.value.epochs.filter((record) => record[value] !== null)
    const x = Float64Array.from(epochs, ({ lastStep }) => xOf(lastStep))
    const y = epochs.map((record) => record[value] ?? NaN)
    return { id: 'test', name: 'test', colour: 1, style: 'points', x, y, format }
  }
  const curves = computed<Record<RunChart, Curve[]>>(() => {
    const { view } = columns.value
    const short = (value: number): string => (Number.isFinite(value) ? significant(value, 3) : String(value))
    return {
      loss: [line('train', 0, view('loss'), formatLoss), tested('testLoss', formatLoss)],
      accuracy: [line('train', 0, view('accuracy'), formatPercent), tested('testAccuracy', formatPercent)],
      rate: [{ ...line('rate', 0, view('rate'), short), isExact: true }],
      chain: [line('chain ratio', 0, view('chain'), formatRatio)],
      deviation: [line('mean |r − 1|', 0, view('deviation'), formatRatio)],
      coveringC: [line('c', 0, view('coveringC'), formatRatio)],
      within: within.value
        ? [
            {
              id: 'within',
              name: 'within',
              colour: 0,
              style: 'line',
              x: Float64Array.from(within.value.step, xOf),
              y: within.value.share,
              format: formatPercent,
            },
          ]
        : [],
      extremes: [line('smallest', 0, view('low'), formatRatio), line('largest', 1, view('high'), formatRatio)],
      gradientNorm: [line('norm', 0, view('gradientNorm'), formatLoss)],
      ms: [line('time', 0, view('ms'), short)],
    }
  })
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
