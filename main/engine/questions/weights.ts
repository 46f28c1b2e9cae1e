import type { NetworkDocument } from '../../../shared/architecture/document'
import type { NetworkForm } from '../../../shared/network-forms'
import type { ImportReport } from '../../../shared/import-report'
import type { WeightMap } from '../../../shared/weight-map'
import type { InitialChoice } from '../training/start-values'

/** A file of weights, what messages call it (its path where absent), and which of its tensors is which where that is given. */
export interface WeightsChoice {
  readonly file: string
  readonly name?: string | undefined
  readonly map?: WeightMap | undefined
}
export interface InitialWeightsTask extends InitialChoice {
  readonly network: unknown
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

/** A network that another program wrote, what messages call its file, and where its weights shall go. */
export interface ImportNetworkTask {
  readonly file: string
  readonly name: string
  readonly out: string
}
export interface ImportedNetwork {
  readonly document: NetworkDocument
  /** With `hasWeights` they are written. */
  readonly report: ImportReport
}

/** A network and its weights where it has some, and where the file of that form shall go. */
export interface ExportNetworkTask {
  readonly network: unknown
  readonly file?: string
  readonly name?: string
  readonly form: NetworkForm
  /** The version that it says it was written by. */
  readonly producer: string
  readonly out: string
}
export interface WrittenNetwork extends WrittenWeights {
  /** A file of weights that was written beside it. */
  readonly beside: string | null
  /** What somebody should know of what was written, a sentence each. */
  readonly notes: readonly string[]
}
