import { onSplit } from '../data-splits'
import { shortestSingle } from '../float32'
import { ratios } from '../norms/ratio'
import type { EpochRecord, StepRecord, Unit } from '../records'
import { type MeasureName, measures, type StepMeasureName, stepMeasures } from '.'
import { type EpochValues, type Measure, OVER, type RunFacts, type StepValues } from './measure'
import { bySet } from './unit-sets'

type Kinds = readonly Pick<Unit, 'kind'>[]

export function stepValues(record: StepRecord, units: Kinds): StepValues {
  return { record, ratios: bySet(ratios(record.norms), units) }
}

export function epochValues(record: EpochRecord, units: Kinds): EpochValues {
  const { mean, min, max } = record.ratios
  return { record, ratios: { mean: bySet(mean, units), min: bySet(min, units), max: bySet(max, units) } }
}

/** A step's values of every measure of steps, at the precision that the store keeps. */
export function measureStep(record: StepRecord, units: Kinds): Record<StepMeasureName, number> {
  const values = stepValues(record, units)
  return Object.fromEntries(
    stepMeasures.map(({ name, step }) => [name, step.precision === 'single' ? Math.fround(step.of(values)) : step.of(values)]),
  ) as Record<StepMeasureName, number>
}

/** A step's value as files tell it: what is of ratios in the fewest digits that give the same single-precision number again. */
export function fileValue({ over, step }: Pick<Measure, 'over' | 'step'>, value: number): number {
  return over !== 'run' && step?.precision === 'single' ? shortestSingle(value) : value
}

/** The measures of norms alone, as of a network that is not trained; the others are NaN. */
export function measureNorms(norms: Float32Array, units: Kinds): Record<StepMeasureName, number> {
  const none = { step: 0, epoch: 0, loss: NaN, accuracy: NaN, rate: NaN, ms: NaN }
  return measureStep({ ...none, norms }, units)
}

/**
 * The one value of a measure that stands for a run: the last epoch's, where an epoch sums it up; else that of the last step. Of ratios it is the last
 * epoch or step whose norms were measured. Null where there is none.
 */
function runValue(measure: Measure, facts: RunFacts): number | null {
  if (measure.run) return measure.run.of(facts)
  if (measure.epoch) {
    // Between two measurements there may be whole epochs.
    const epoch = measure.over === 'run' ? facts.lastEpoch : facts.lastMeasuredEpoch
    return epoch && emptyIsNull(measure, facts, measure.epoch.of(epoch))
  }
  const step = measure.over === 'run' ? facts.lastStep : facts.lastMeasured
  return step && measure.step ? emptyIsNull(measure, facts, measure.step.of(step)) : null
}

/** Of an empty set nothing is measured, which is another thing than a measurement that is no number. */
function emptyIsNull({ over }: Measure, { sets }: RunFacts, value: number | null): number | null {
  return over !== 'run' && sets[over].count === 0 ? null : value
}

/** Of which moment of a run its value is, as short as a heading needs it: `last epoch`. */
export function momentWord(measure: Measure): string {
  if (measure.run) return measure.run.moment
  if (measure.epoch) return 'last epoch'
  return measure.over === 'run' ? 'last step' : 'last measured step'
}

/** The same, and how an epoch sums it up. */
export function momentOf(measure: Measure): string {
  const word = momentWord(measure)
  return measure.epoch && !measure.run ? `${word}, ${measure.epoch.how}` : word
}

/** A run's value of every measure. */
export function measureRun(facts: RunFacts): Record<MeasureName, number | null> {
  return Object.fromEntries(measures.map((measure) => [measure.name, runValue(measure, facts)])) as Record<
    MeasureName,
    number | null
  >
}

/**
 * Its label, and what it is over where another measure has the same label.
 *
 * @param testedOn The splits that the runs in question were tested on, which a measure of tests names.
 */
export function titleOf(measure: Measure, testedOn: readonly string[] = []): string {
  const isShared = measures.some(({ name, label }) => label === measure.label && name !== measure.name)
  const title = isShared ? `${measure.label}, ${OVER[measure.over]}` : measure.label
  return measure.isOfTests ? onSplit(title, ...testedOn) : title
}

/** The same with its unit of measurement, where it has one: `time of a step, ms`. Other measures say there in words what they are. */
export function titleWithUnit(measure: Measure, testedOn?: readonly string[]): string {
  const title = titleOf(measure, testedOn)
  const isSaid = measure.unit === OVER[measure.over]
  return /^[a-z]+$/i.test(measure.unit) && !isSaid ? `${title}, ${measure.unit}` : title
}

/** All that a table's head or a tooltip may say of it. */
export function describe(measure: Measure): string {
  const { unit, over } = measure
  const title = titleOf(measure)
  // The title of two that have one label says what it is over, and so may the unit.
  const isSaid = over === 'run' || title.endsWith(OVER[over])
  const parts = [title, unit === OVER[over] ? '' : unit, isSaid ? '' : `over ${OVER[over]}`, momentOf(measure)]
  return parts.filter(Boolean).join('; ')
}
