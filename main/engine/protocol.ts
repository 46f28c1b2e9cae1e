import type { Configuration } from '../../shared/configuration'
import type { EpochRecord, StepRecord, Unit } from '../../shared/records'
import type { SpectraRecord } from '../../shared/spectra/live'
import type { TestProgress } from '../../shared/test-progress'
import type { Question, TaskProgress } from './questions'
import type { ClusterPlace } from './tensorflow/saved-model'

/** An error on its way between processes, where it would lose its class. */
export interface WireError {
  readonly message: string
  /** True where the message is meant for the reader (UserError); else a bug, with its stack in the log. */
  readonly forUser: boolean
  readonly stack?: string
}

/** Where a non-finite loss or gradient began. */
export interface Divergence {
  readonly step: number
  /** The unit (`stage2.block5`) or layer. */
  readonly unit: string
  readonly what: 'loss' | 'activation' | 'gradient'
}

/** What a training worker is given. The run's files are where the store of the host's data folder has them: no request names one. */
export interface TrainingRequest {
  readonly run: number
  readonly configuration: Configuration
  /** The last step that the store has: the run goes on from its newest whole checkpoint up to it, and begins at the beginning where there is none. */
  readonly stored: number
  /** Addresses of the processes that share each batch, this run's own first; absent where it trains alone. */
  readonly cluster?: readonly string[]
}

/** What a process is given that computes parts of another one's run. */
export interface ServeRequest {
  readonly cluster: ClusterPlace
  /** CPU threads of one operation. */
  readonly threads: number
}

/** What the lab may tell a run that trains. */
export type RunWord = 'pause' | 'resume' | 'stop' | 'skip-test'

/** What the training worker tells of one run. */
export type TrainingEvent =
  | { readonly type: 'phase'; readonly phase: 'data' | 'compile' | 'first-step' | 'train' | 'evaluate' }
  | {
      readonly type: 'started'
      readonly units: readonly Unit[]
      readonly parameters: number
      /** Steps that were done before, where the run goes on from a checkpoint. */
      readonly done: number
      /** Steps that the run will have in all, and in an epoch. */
      readonly steps: number
      readonly stepsPerEpoch: number
      readonly compileMs: number
      readonly versions: Readonly<Record<string, string>>
      readonly device: string
    }
  /** An evaluation on the test split is going on. */
  | { readonly type: 'test'; readonly progress: TestProgress }
  | { readonly type: 'step'; readonly record: StepRecord }
  | { readonly type: 'epoch'; readonly record: EpochRecord }
  /** Spectra after a step that was told of before, maybe long before. */
  | { readonly type: 'spectra'; readonly record: SpectraRecord }
  | { readonly type: 'state'; readonly state: 'running' | 'paused' }
  /** A sentence for the reader that ends nothing. */
  | { readonly type: 'notice'; readonly step: number; readonly message: string }
  /** Resident memory of the run's process. */
  | { readonly type: 'memory'; readonly bytes: number }
  /** The run's state after this step is on the disk. All records up to it were told before. */
  | { readonly type: 'checkpoint'; readonly step: number }
  | { readonly type: 'ended'; readonly outcome: 'done' | 'stopped' }
  | { readonly type: 'failed'; readonly error: WireError; readonly divergence?: Divergence }

/** Lab → host. */
export type HostRequest =
  | ({ readonly type: 'train' } & TrainingRequest)
  | ({ readonly type: 'serve' } & ServeRequest)
  | { readonly type: RunWord; readonly run: number }
  | { readonly type: 'question'; readonly id: number; readonly question: Question }

/** Host → lab. Steps travel in bundles of at most 50 ms. */
export type HostEvent =
  | { readonly type: 'ready' }
  /** It cannot compute parts of another one's run. */
  | { readonly type: 'unserved'; readonly error: WireError }
  | { readonly type: 'run'; readonly run: number; readonly events: readonly TrainingEvent[] }
  | { readonly type: 'progress'; readonly id: number; readonly progress: TaskProgress }
  | { readonly type: 'answer'; readonly id: number; readonly value?: unknown; readonly error?: WireError }
