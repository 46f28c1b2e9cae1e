import type { Initialiser } from '../../../shared/configuration'
import type { WeightMap } from '../../../shared/weight-map'

/** A file of weights, what messages call it (its path where absent), and which of its tensors is which where that is given. */
export interface WeightsChoice {
  readonly file: string
  readonly name?: string | undefined
  readonly map?: WeightMap | undefined
}
export interface InitialWeightsTask {
  readonly network: unknown
  readonly seed: number
  readonly init: Initialiser
  readonly out: string
}
export interface MapTask {
  readonly network: unknown
  readonly weights: WeightsChoice
}
export interface CopyTask extends WeightsChoice {
  readonly network: unknown
  readonly out: string
  /** Whether what is written is for the data folder, and so for its owner alone. */
  readonly isKept?: boolean
}

/** What was written. */
export interface WrittenWeights {
  readonly tensors: number
  /** Numbers in them. */
  readonly parameters: number
}
