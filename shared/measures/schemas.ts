import { z } from 'zod'
import { Measured } from '../records'
import { type MeasureName, measures, type StepMeasureName, stepMeasures } from '.'

/** A field a measure, of one type. */
function fields<N extends string, S extends z.ZodType>(names: readonly N[], schema: S): Readonly<Record<N, S>> {
  return Object.fromEntries(names.map((name) => [name, schema])) as Record<N, S>
}

export const StepMeasure = z.enum(stepMeasures.map(({ name }) => name) as [StepMeasureName, ...StepMeasureName[]])

/** A value of each measure of steps; null where there is none yet. */
export const StepMeasureValues = z.object(fields(StepMeasure.options, Measured.nullable()))

/** A run's value of each measure; see `runValue`. */
export const RunMeasureValues = z.object(
  fields(
    measures.map(({ name }): MeasureName => name),
    Measured.nullable(),
  ),
)

/** A column a measure, in the order of the steps; NaN where a step has no value. */
export const StepMeasureColumns = z.object(
  Object.fromEntries(
    stepMeasures.map(({ name, step }) => [name, z.instanceof(step.precision === 'single' ? Float32Array : Float64Array)]),
  ) as unknown as Readonly<Record<StepMeasureName, z.ZodType<Float32Array<ArrayBuffer> | Float64Array<ArrayBuffer>>>>,
)
