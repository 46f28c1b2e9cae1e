import type { MovedAnswer } from '../../../shared/api'
import type { Configuration, DataChoice, InitialValues, Training } from '../../../shared/configuration'
import type { InitialEvent } from '../../../shared/initial-measures'
import type { Unit } from '../../../shared/records'
import type { WeightMap } from '../../../shared/weight-map'
import type { ChannelStatistics } from '../../datasets/statistics'
import type { WeightsChoice } from './weights'

export interface EvaluateTask {
  readonly network: unknown
  readonly weights: string
  readonly map?: WeightMap | undefined
  readonly batch: string
  readonly out: string
  readonly threads?: number | undefined
}
export interface Evaluation {
  readonly loss: number
  readonly units: readonly Unit[]
  readonly norms: Float32Array
  readonly ratios: Float32Array
}
export interface ReplayTask {
  readonly network: unknown
  readonly weights: string
  readonly map?: WeightMap | undefined
  readonly batches: string
  readonly out: string
  readonly rate: number
  readonly momentum: number
  readonly nesterov: boolean
  readonly weightDecay: number
  readonly projection: Configuration['training']['projection']
  readonly whitening: boolean
  readonly clip: Configuration['training']['clip']
  readonly threads?: number | undefined
}
export interface Replay {
  readonly losses: Float32Array
  readonly steps: number
}
export interface InitialTask extends InitialValues {
  readonly timed: boolean
  readonly network: unknown
  readonly data: string
  readonly dataFolder: string
  readonly batch: number
  readonly seed: number
  /** A file to take instead of initial values, and what messages call it. */
  readonly weights?: { readonly file: string; readonly name: string }
}

/** Answer to it: all but how long it took. */
export type InitialFound = Omit<Extract<InitialEvent, { state: 'measured' }>, 'state' | 'seconds'>

/** How far weights have moved what a network makes of the images of a run's first step. */
export interface MovedTask extends Omit<InitialTask, 'timed' | 'weights' | 'data'> {
  /** As the run has it, and the set's hash. */
  readonly data: Pick<DataChoice, 'name'> & Partial<DataChoice>
  readonly dataHash?: string | undefined
  readonly standardisation: Training['standardisation']
  /** Those of them that are done at the start come before the first step. */
  readonly projection: Training['projection']
  readonly whitening: Training['whitening']
  /** The weights afterwards; those before are what the first step was taken from. */
  readonly weights: WeightsChoice
}

/** Answer to it: root mean squares; see shared/api/jacobians.ts. */
export type MovedFound = Pick<MovedAnswer['runs'][number], 'blocks' | 'stream' | 'logits' | 'streamBefore' | 'logitsBefore'>

/** How given weights do on a split. */
export interface TestTask {
  readonly network: unknown
  readonly weights: WeightsChoice
  readonly data: string
  readonly dataFolder: string
  readonly split: string
  readonly standardisation: GivenStandardisation
  readonly withLogits?: boolean
  readonly threads?: number | undefined
}

/** Answer to it, image by image in the order of the split. */
export interface TestAnswer {
  readonly labels: Int32Array<ArrayBuffer>
  readonly predictions: Int32Array<ArrayBuffer>
  /** Nats. */
  readonly losses: Float32Array<ArrayBuffer>
  /** [images, classes], where asked. */
  readonly logits: Float32Array<ArrayBuffer> | null
  /** Their mean, summed in double precision. */
  readonly loss: number
  /** What the pixels were standardised by; null for nothing. */
  readonly statistics: ChannelStatistics | null
  /** What was left out of the weights' file and assumed of it, a sentence each. */
  readonly remarks: readonly string[]
}

/** What pixels are standardised by: given, of a training split, or nothing. */
export type GivenStandardisation = ChannelStatistics | { readonly of: SplitOfSet } | null

/** A split of a set, or so many images of it. */
export interface SplitOfSet {
  readonly name: string
  readonly split: string
  readonly images?: number | undefined
}
