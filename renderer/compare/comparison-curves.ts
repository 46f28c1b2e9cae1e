import type { CurveAxis } from '../../shared/comparison'
import type { EpochMeasure, StepMeasure } from '../../shared/measures'
import { epochValues } from '../../shared/measures/values'
import { nearestIndex } from '../charts/thin'
import { looksOf, type Look } from '../run-list/run-state'
import { axisOf } from '../runs/use-run-curves'
import { formatMeasure } from '../ui/format-measure'
import { labelOfRun, type ComparedRun, type RunLabels } from './compared-run'
import type { StepCurve } from './seed-curves'

/** One measure of all runs as curves on one axis; with a baseline, less the baseline's value at the same step. */
export function comparisonCurves(
  runs: readonly ComparedRun[],
  measure: StepMeasure,
  axis: CurveAxis,
  baseline: ComparedRun | null,
  labels: RunLabels,
): StepCurve[] {
  const looks = looksOf(runs.map(({ run }) => run.id))
  return runs
    .filter((one) => one !== baseline)
    .map(({ run, curves }) => {
      const x = axisOf(axis, curves, run.progress.stepsPerEpoch)
      const y = curves[measure.name]
      const values = baseline
        ? Float64Array.from(y, (value, i) => value - at(baseline.curves.step, baseline.curves[measure.name], curves.step[i]!))
        : y
      return {
        ...curveOf(run, labels, looks),
        ...{ style: 'line', steps: curves.step, x, y: values, format: (value: number) => formatMeasure(measure, value) },
        isExact: measure.isExact ?? false,
      }
    })
}

/** A measure of epochs at their ends. */
export function epochCurves(
  runs: readonly ComparedRun[],
  measure: EpochMeasure,
  axis: CurveAxis,
  labels: RunLabels,
): StepCurve[] {
  const looks = looksOf(runs.map(({ run }) => run.id))
  return runs.flatMap(({ run, curves, epochs }) => {
    const known = epochs.flatMap((record) => {
      const value = measure.epoch.of(epochValues(record, run.units))
      return value === null ? [] : [{ step: record.lastStep, value }]
    })
    if (known.length === 0) return []
    const places = axisOf(axis, curves, run.progress.stepsPerEpoch)
    const x = known.map(({ step }) => places[nearestIndex(curves.step, step)] ?? 0)
    const [steps, y] = [known.map(({ step }) => step), known.map(({ value }) => value)]
    return [
      { ...curveOf(run, labels, looks), style: 'points', steps, x, y, format: (value: number) => formatMeasure(measure, value) },
    ]
  })
}

/** Which run a curve is of: told by its number, since names may be alike. */
function curveOf(
  { id }: { readonly id: number },
  labels: RunLabels,
  looks: ReadonlyMap<number, Look>,
): Pick<StepCurve, 'id' | 'run' | 'name' | 'colour' | 'isDashed'> {
  return { id: String(id), run: id, name: labelOfRun(id, labels), ...looks.get(id)! }
}

/** The value at a step; NaN where the run has not that step. */
function at(steps: ArrayLike<number>, values: ArrayLike<number>, step: number): number {
  const index = nearestIndex(steps, step)
  return index >= 0 && steps[index] === step ? values[index]! : NaN
}
