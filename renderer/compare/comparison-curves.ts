import type { CurveAxis, CurveMeasure } from '../../shared/comparison'
import type { Curve } from '../charts/curve-option'
import type { ScaleKind } from '../charts/axis'
import { nearestIndex } from '../charts/thin'
import { runSeries } from '../runs/run-state'
import { axisOf } from '../runs/use-run-curves'
import { formatLoss, formatPercent, formatRatio } from '../ui/format'
import { labelOfRun, type ComparedRun, type RunLabels } from './compared-run'

/** Measures that can be drawn over the steps. */
export const MEASURES: Readonly<
  Record<CurveMeasure, { title: string; unit: string; scale: ScaleKind; format: (value: number) => string }>
> = {
  loss: { title: 'Training loss', unit: 'nats', scale: 'linear', format: formatLoss },
  accuracy: { title: 'Training accuracy', unit: '', scale: 'share', format: formatPercent },
  rate: { title: 'Learning rate', unit: '', scale: 'zero', format: formatLoss },
  ms: { title: 'Time a step', unit: 'ms', scale: 'zero', format: formatLoss },
  gradientNorm: { title: 'Gradient norm', unit: '‖dE∕dθ‖', scale: 'zero', format: formatLoss },
  chain: { title: 'Chain ratio', unit: '‖g₁‖ ∕ ‖g_L₊₁‖', scale: 'linear', format: formatRatio },
  coveringC: { title: 'Covering c', unit: 'smallest c', scale: 'zero', format: formatRatio },
  deviation: { title: 'Deviation', unit: 'mean |r − 1|', scale: 'zero', format: formatRatio },
  low: { title: 'Smallest ratio', unit: '', scale: 'linear', format: formatRatio },
  high: { title: 'Largest ratio', unit: '', scale: 'linear', format: formatRatio },
}

/** One measure of all runs as curves on one axis; with a baseline, less the baseline's value at the same step. */
export function comparisonCurves(
  runs: readonly ComparedRun[],
  measure: CurveMeasure,
  axis: CurveAxis,
  baseline: ComparedRun | null,
  labels: RunLabels,
): Curve[] {
  return runs
    .filter((one) => one !== baseline)
    .map(({ run, curves }) => {
      const x = axisOf(axis, curves, run.progress.stepsPerEpoch)
      const y = curves[measure]
      const values = baseline
        ? Float64Array.from(y, (value, i) => value - at(baseline.curves.step, baseline.curves[measure], curves.step[i]!))
        : y
      return {
        ...curveOf(run, labels),
        ...{ style: 'line', x, y: values, format: MEASURES[measure].format },
        isExact: measure === 'rate',
      }
    })
}

/** Test accuracy at the epochs' ends. */
export function testCurves(
  runs: readonly ComparedRun[],
  value: 'testAccuracy' | 'testLoss',
  axis: CurveAxis,
  labels: RunLabels,
): Curve[] {
  return runs.flatMap(({ run, curves, epochs }) => {
    const tested = epochs.filter((epoch) => epoch[value] !== null)
    if (tested.length === 0) return []
    const places = axisOf(axis, curves, run.progress.stepsPerEpoch)
    const x = tested.map(({ lastStep }) => places[nearestIndex(curves.step, lastStep)] ?? 0)
    const y = tested.map((epoch) => epoch[value] ?? NaN)
    const format = value === 'testLoss' ? formatLoss : formatPercent
    return [{ ...curveOf(run, labels), style: 'points', x, y, format }]
  })
}

/** Which run a curve is of: told by its number, since names may be alike. */
function curveOf({ id }: { readonly id: number }, labels: RunLabels): Pick<Curve, 'id' | 'name' | 'colour' | 'isDashed'> {
  return { id: String(id), name: labelOfRun(id, labels), ...runSeries(id) }
}

/** The value at a step; NaN where the run has not that step. */
function at(steps: ArrayLike<number>, values: ArrayLike<number>, step: number): number {
  const index = nearestIndex(steps, step)
  return index >= 0 && steps[index] === step ? values[index]! : NaN
}
