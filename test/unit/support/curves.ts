import type { RequestOutput } from '../../../shared/api'
import { stepMeasures, type StepMeasureName } from '../../../shared/measures'

/** A run's columns with these values; measures that are not told are NaN. */
export function curvesOf(
  step: readonly number[],
  told: Partial<Record<StepMeasureName, readonly number[]>> = {},
): RequestOutput<'runs.curves'> {
  const columns = stepMeasures.map(({ name, step: { precision } }) => {
    const values = told[name] ?? step.map(() => NaN)
    return [name, precision === 'single' ? Float32Array.from(values) : Float64Array.from(values)]
  })
  return {
    ...{ step: Float64Array.from(step), epoch: Float64Array.from(step, () => 1), at: Float64Array.from(step, () => NaN) },
    ...(Object.fromEntries(columns) as Record<StepMeasureName, Float32Array<ArrayBuffer> | Float64Array<ArrayBuffer>>),
  }
}
