import { shortestSingles } from '../../shared/float32'
import { epochMeasures, type StepMeasure, stepMeasures } from '../../shared/measures'
import type { StepValues } from '../../shared/measures/measure'
import { isIn } from '../../shared/measures/unit-sets'
import { epochValues, fileValue, measureNorms, stepValues } from '../../shared/measures/values'
import { readSignal, type Signal, type SignalPart } from '../../shared/norms/signal'
import type { EpochRecord, StepRecord, Unit } from '../../shared/records'

type Kinds = readonly Pick<Unit, 'kind'>[]

/** A measure's value as it was measured; undefined where the step has none. */
export function valueOf(measure: StepMeasure, values: StepValues): number | undefined {
  const { over, step } = measure
  return over !== 'run' && values.ratios[over].length === 0 ? undefined : fileValue(measure, step.of(values))
}

/** The measures of norms alone, as of a network that is not trained. */
export function normFields(norms: Float32Array, units: Kinds): Record<string, unknown> {
  const values = measureNorms(norms, units)
  const shown = stepMeasures.filter(
    ({ over }) => over === 'all' || (over === 'blocks' && units.some((unit) => isIn('blocks', unit))),
  )
  return Object.fromEntries(shown.map((measure) => [measure.name, values[measure.name]]))
}

/** A signal as files have it; null for a unit without a branch. */
export function signalFields(signal: Signal): Record<SignalPart, unknown> {
  const { meanSquares, variances, branchVariances } = signal
  return {
    meanSquares: shortestSingles(meanSquares),
    variances: shortestSingles(variances),
    branchVariances: shortestSingles(branchVariances),
  }
}

/**
 * A step as the command line and the export print it: where and what it measured, the norms at the boundaries and the units' ratios.
 * A step whose norms were not measured has no measures of them; of a network without residual blocks none is over those.
 */
export function stepFields(record: StepRecord, units: Kinds): Record<string, unknown> {
  const { step, epoch, norms, activations, weights, updates } = record
  const signal = readSignal(record.signal, units.length)
  const values = stepValues(record, units)
  return {
    ...{ step, epoch },
    ...Object.fromEntries(stepMeasures.map((measure) => [measure.name, valueOf(measure, values)])),
    ...{ norms: shortestSingles(norms), ratios: shortestSingles(values.ratios.all) },
    ...(activations && { activations: shortestSingles(activations) }),
    ...(weights && { weights: shortestSingles(weights) }),
    ...(updates && { updates: shortestSingles(updates) }),
    ...(signal && { signal: signalFields(signal) }),
  }
}

/**
 * An epoch likewise; `ratios` has the mean, least and greatest of each unit, and how many of its measured steps were left out as not
 * finite. The measures are what an epoch makes of them, so `coveringC` is of its mean ratios.
 */
export function epochFields(record: EpochRecord, units: Kinds): Record<string, unknown> {
  const { ratios, ...rest } = record
  const { mean, min, max, notFinite } = ratios
  const values = epochValues(record, units)
  return {
    ...rest,
    ratios: {
      mean: shortestSingles(mean),
      min: shortestSingles(min),
      max: shortestSingles(max),
      ...(notFinite && { notFinite: [...notFinite] }),
    },
    ...Object.fromEntries(
      epochMeasures
        .filter(({ name, over }) => !(name in rest) && (over === 'run' || values.ratios.mean[over].length > 0))
        .map(({ name, epoch }) => [name, epoch.of(values)]),
    ),
  }
}
