import { accuracy } from './accuracy'
import { bestTestAccuracy } from './best-test-accuracy'
import { bestTestError } from './best-test-error'
import { blocks } from './blocks'
import { branchShare } from './branch-share'
import { chainRatio } from './chain-ratio'
import { coveringC } from './covering-c'
import { coveringCAll } from './covering-c-all'
import { deviation } from './deviation'
import { deviationAll } from './deviation-all'
import { gradientNorm } from './gradient-norm'
import { identityBlocks } from './identity-blocks'
import { largestRatio } from './largest-ratio'
import { loss } from './loss'
import type { Measure } from './measure'
import { milliseconds } from './milliseconds'
import { missingRatios } from './missing-ratios'
import { parameters } from './parameters'
import { rate } from './rate'
import { smallestRatio } from './smallest-ratio'
import { stepTime } from './step-time'
import { steps } from './steps'
import { testAccuracy } from './test-accuracy'
import { testAccuracyWithoutCopies } from './test-accuracy-without-copies'
import { testError } from './test-error'
import { testLoss } from './test-loss'
import { trainAccuracy } from './train-accuracy'
import { trainLoss } from './train-loss'
import { unitCount } from './unit-count'
import { waited } from './waited'

/** Every measure, in the order of tables, charts and files. To add one: its file, and its line here. */
const definitions = [
  loss,
  accuracy,
  rate,
  milliseconds,
  waited,
  gradientNorm,
  chainRatio,
  deviation,
  deviationAll,
  coveringC,
  coveringCAll,
  smallestRatio,
  largestRatio,
  missingRatios,
  branchShare,
  identityBlocks,
  trainLoss,
  trainAccuracy,
  testLoss,
  testAccuracy,
  testAccuracyWithoutCopies,
  testError,
  bestTestAccuracy,
  bestTestError,
  blocks,
  unitCount,
  parameters,
  steps,
  stepTime,
] as const

type Definition = (typeof definitions)[number]
export type MeasureName = Definition['name']
export type StepMeasureName = Extract<Definition, { readonly step: object }>['name']
export type EpochMeasureName = Extract<Definition, { readonly epoch: object }>['name']
export type StepMeasure = Measure & { readonly name: StepMeasureName; readonly step: NonNullable<Measure['step']> }
export type EpochMeasure = Measure & { readonly name: EpochMeasureName; readonly epoch: NonNullable<Measure['epoch']> }

export const measures: readonly (Measure & { readonly name: MeasureName })[] = definitions
export const stepMeasures = measures.filter((measure): measure is StepMeasure => measure.step !== undefined)
export const epochMeasures = measures.filter((measure): measure is EpochMeasure => measure.epoch !== undefined)

const byName: ReadonlyMap<string, (typeof measures)[number]> = new Map(
  measures.flatMap((measure) => [measure.name, ...(measure.also ?? [])].map((name) => [name, measure])),
)

/** A measure by its name or one of the other words for it. */
export function findMeasure(name: string): (typeof measures)[number] | undefined {
  return byName.get(name)
}

export function measureOf(name: MeasureName): (typeof measures)[number] {
  return byName.get(name)!
}

/** Those of epochs alone that are shown among the steps: at the epochs' ends. */
export const endMeasures = epochMeasures.filter(({ step, chart }) => !step && chart)

/** Those that stand for a run as a whole, rather than for its last step. */
export const runMeasures = measures.filter(({ run, epoch, isMain }) => run !== undefined || epoch !== undefined || isMain)
