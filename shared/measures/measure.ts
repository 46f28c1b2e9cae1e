import type { EpochRecord, StepRecord } from '../records'
import type { UnitRatios, UnitSetName, UnitSets } from './unit-sets'

/** What a measure is over, in the words of tables and charts. */
export const OVER: Readonly<Record<UnitSetName | 'run', string>> = {
  blocks: 'blocks',
  all: 'all units',
  run: 'whole run',
}

/** The line of a table that tells what a run's set of units holds. */
export const HOLDS: Readonly<Record<UnitSetName, string>> = { blocks: 'which blocks', all: 'which units' }

/** A step with the ratios of each set of units; both are empty where the step was not measured. */
export interface StepValues {
  readonly record: StepRecord
  readonly ratios: UnitRatios
}

/** An epoch with the mean, least and greatest ratios of each set of units. */
export interface EpochValues {
  readonly record: EpochRecord
  readonly ratios: Readonly<Record<'mean' | 'min' | 'max', UnitRatios>>
}

/** What is known of a run, for the one value that stands for it in lists. */
export interface RunFacts {
  readonly sets: UnitSets
  readonly parameters: number | null
  /** Steps that are done. */
  readonly steps: number
  /** Median wall time of the last steps. */
  readonly stepMs: number | null
  /** Share of the last steps' time that went by waiting for their batches. */
  readonly waited: number | null
  /** The last step, and the last one whose norms were measured. */
  readonly lastStep: StepValues | null
  readonly lastMeasured: StepValues | null
  /** The last one that looked at the signal on its way forward, and the last such one whose norms were measured. */
  readonly lastLooked: StepValues | null
  readonly lastLookedMeasured: StepValues | null
  /** The last epoch on record, the last one of which a step's norms were measured, and the last one with an evaluation. */
  readonly lastEpoch: EpochValues | null
  readonly lastMeasuredEpoch: EpochValues | null
  readonly lastTested: EpochValues | null
  readonly bestTestAccuracy: number | null
}

/** A number that is measured of a step, an epoch or a run. All that is said of it anywhere stands in its file. */
export interface Measure {
  /** In the API, in layouts, filters and JSON; CSV has its title (`titleOf`), as tables have. */
  readonly name: string
  /** Other words by which filters and older layouts know it. */
  readonly also?: readonly string[]
  /** In a table or a sentence: `chain ratio`. */
  readonly label: string
  /** nats, ms; or what the number says, in a few words. Empty where the label says it. */
  readonly unit: string
  readonly over: UnitSetName | 'run'
  /** Of the images that a run is tested on, however their split is called; where it has another name, titles tell it. */
  readonly isOfTests?: boolean
  /** How it is written: with four digits, as per cent of a share 0–1, or whole. */
  readonly form: 'number' | 'share' | 'count'
  /** Of a chart: whatever fits, from zero, 0–1, or logarithmic from the start. */
  readonly scale: 'linear' | 'zero' | 'share' | 'log'
  /** Which of two runs is better by it: the lower, the higher, the one nearer to 1 on a logarithmic scale; null for neither. */
  readonly better: 'low' | 'high' | 'near one' | null
  /** Never smoothed: a setting, say. */
  readonly isExact?: boolean
  /** Shown where there is room for the main ones only: an experiment's table, a glance at a run. */
  readonly isMain?: boolean
  /** The chart that it has on a run's page: one of its own with a title, or the place of a line in another measure's. */
  readonly chart?: { readonly title: string; readonly line: string } | { readonly with: string; readonly line: string }
  /** Of a step: a column of the store, a curve, a field of JSON, a column of CSV. */
  readonly step?: {
    /** In the store; once released it keeps its meaning. */
    readonly column: string
    /** Raised when the same steps give another value than before, so that what was derived is derived again. */
    readonly version: number
    /** Whether single precision holds it, as it does what TensorFlow measured and what is of ratios. */
    readonly precision: 'single' | 'double'
    /** NaN where the step was not measured. */
    readonly of: (step: StepValues) => number
  }
  /** How an epoch sums it up. */
  readonly epoch?: {
    /** `mean of its steps`. */
    readonly how: string
    /** Null where nothing of the kind was done. */
    readonly of: (epoch: EpochValues) => number | null
  }
  /** What stands for the whole run, where it is neither the last epoch's value nor the last step's. */
  readonly run?: {
    /** `last step`. */
    readonly moment: string
    readonly of: (run: RunFacts) => number | null
  }
}

/** Keeps the literal types of a measure, so that its name is known to the compiler. */
export function defineMeasure<const M extends Measure>(measure: M): M {
  return measure
}
