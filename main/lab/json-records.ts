import { ratios } from '../../shared/norms/ratio'
import type { EpochRecord, StepRecord } from '../../shared/records'

/** The shortest decimals that give the same float32 again; JSON.stringify makes NaN and the infinities null. */
export function numbers(values: Float32Array): number[] {
  return Array.from(values, (value) => Number(value.toPrecision(9)))
}

/** A step as the command line and the export print it. */
export function stepFields(record: StepRecord): Record<string, unknown> {
  const { step, epoch, loss, accuracy, rate, ms, norms } = record
  return { step, epoch, loss, accuracy, rate, ms, norms: numbers(norms), ratios: numbers(ratios(norms)) }
}

/** An epoch likewise; `ratios` has the mean, least and greatest of each unit. */
export function epochFields({ ratios: { mean, min, max }, ...rest }: EpochRecord): Record<string, unknown> {
  return { ...rest, ratios: { mean: numbers(mean), min: numbers(min), max: numbers(max) } }
}
