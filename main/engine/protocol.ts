import type { Padding } from './spectra/operator'
import type { JacobianAnswer, JobReceived, LayerSpectrum, Recognised, SpectraAnswer } from '../../shared/api'
import type { KernelChange } from '../../shared/spectra/change'
import type { Configuration, Initialiser } from '../../shared/configuration'
import type { ImportChoices } from '../../shared/datasets/import-choices'
import type { CheckName } from '../../shared/datasets/checks'
import type { PreparationStep } from '../../shared/datasets/preparation'
import type { EpochRecord, StepRecord, Unit } from '../../shared/records'
import type { SpectraRecord } from '../../shared/spectra/live'
import type { WeightMap } from '../../shared/weight-map'
import type { TestProgress } from '../../shared/test-progress'
import type { ChannelStatistics } from '../datasets/statistics'

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

/** One-off questions to the engine. Paths are absolute. */
export type EngineTask =
  | KernelTask
  | ImportTask
  | CheckTask
  | RecogniseTask
  | PrepareTask
  | PlanTask
  | JacobianTask
  | TestTask
  | SpectraTask
  | ChangeTask
  | { readonly kind: 'describe' }
  | {
      readonly kind: 'evaluate'
      readonly network: unknown
      readonly weights: string
      readonly batch: string
      readonly out: string
      readonly threads?: number
    }
  | {
      readonly kind: 'replay'
      readonly network: unknown
      readonly weights: string
      readonly batches: string
      readonly out: string
      readonly rate: number
      readonly momentum: number
      readonly nesterov: boolean
      readonly weightDecay: number
      readonly projection: Configuration['training']['projection']
      readonly whitening: boolean
      readonly clip: Configuration['training']['clip']
      readonly threads?: number
    }

  /** A network before any training; see shared/initial-measures.ts. */
  | {
      readonly kind: 'initial'
      readonly timed: boolean
      readonly network: unknown
      readonly data: string
      readonly dataFolder: string
      readonly batch: number
      readonly seed: number
      readonly init: Initialiser
      readonly zeroGamma: boolean
      /** A file to take instead of initial values, and what messages call it. */
      readonly weights?: { readonly file: string; readonly name: string }
    }
  | {
      readonly kind: 'initial-weights'
      readonly network: unknown
      readonly seed: number
      readonly init: Initialiser
      readonly out: string
    }
  /** What would be taken of a file for a network. */
  | { readonly kind: 'map-weights'; readonly network: unknown; readonly weights: WeightsChoice }
  | {
      readonly kind: 'copy-weights'
      readonly network: unknown
      readonly file: string
      /** What messages call it; its path where absent. */
      readonly name?: string
      readonly map?: WeightMap | undefined
      readonly out: string
      /** Whether what is written is for the data folder, and so for its owner alone. */
      readonly isKept?: boolean
    }

/** Brings a data set into a folder that is its own; the lab moves it to its place, or takes it away. Paths are absolute. */
export interface ImportTask {
  readonly kind: 'import-dataset'
  /** File or folder. */
  readonly source: string
  readonly name: string
  readonly choices: ImportChoices
  readonly folder: string
}

/** Looks through a data set's images for copies and faults. */
export interface CheckTask {
  readonly kind: 'check-dataset'
  readonly name: string
  readonly only: readonly CheckName[]
  readonly dataFolder: string
}

/** Says what a source would come to. */
export interface RecogniseTask {
  readonly kind: 'recognise-dataset'
  /** File or folder, absolute. */
  readonly source: string
  readonly choices: ImportChoices
}

/** Answer to `recognise-dataset`: all but a name that is free, which the lab knows. */
export type RecognisedSource = Omit<Recognised, 'name'>
export type FoundPicture = NonNullable<Recognised['found']>['pictures'][number]
/** Makes a set of another one in a folder of its own, likewise. */
export interface PrepareTask {
  readonly kind: 'prepare-dataset'
  /** The name of the set that it is made of. */
  readonly source: string
  readonly steps: readonly PreparationStep[]
  readonly name: string
  readonly folder: string
  /** Where the data sets lie. */
  readonly dataFolder: string
}

/** What the same steps would come to. */
export type PlanTask = Omit<PrepareTask, 'kind' | 'name' | 'folder'> & { readonly kind: 'plan-dataset' }

/** How far a long question has come; without counts where they are not known. */
export interface TaskProgress {
  readonly phase:
    | 'compiling'
    | 'measuring'
    | 'looking'
    | 'reading'
    | 'writing'
    | 'checking'
    | 'comparing'
    | 'training'
    | 'testing'
    | 'decomposing'
  readonly done?: number
  readonly total?: number
}

/** The singular values of a network's linear layers; see shared/api/spectra.ts. */
export interface SpectraTask extends Pick<SpectraReceived, 'layers' | 'padding' | 'delta' | 'withValues' | 'withBound'> {
  readonly kind: 'spectra'
  readonly network: unknown
  readonly weights: WeightsChoice | { readonly seed: number; readonly init: Initialiser }
  /** Where what was found is kept, absolute; null for nowhere. */
  readonly cacheFolder: string | null
  readonly threads?: number | undefined
}
type SpectraReceived = JobReceived<'kernels.spectra'>
/** Answer to it: all but what the lab knows. */
export type SpectraFound = Omit<SpectraAnswer, 'network' | 'weights'>

/** How given weights do on a split. */
export interface TestTask {
  readonly kind: 'test'
  readonly network: unknown
  readonly weights: WeightsChoice
  readonly data: string
  readonly dataFolder: string
  readonly split: string
  readonly standardisation: GivenStandardisation
  readonly threads?: number | undefined
}

/** What pixels are standardised by: given, of a training split, or nothing. */
export type GivenStandardisation = ChannelStatistics | { readonly of: SplitOfSet } | null

/** A split of a set, or so many images of it. */
export interface SplitOfSet {
  readonly name: string
  readonly split: string
  readonly images?: number | undefined
}

/** A file of weights, what messages call it (its path where absent), and which of its tensors is which where that is given. */
export interface WeightsChoice {
  readonly file: string
  readonly name?: string | undefined
  readonly map?: WeightMap | undefined
}

/** Answer to `test`, image by image in the order of the split. */
export interface TestAnswer {
  readonly labels: Int32Array<ArrayBuffer>
  readonly predictions: Int32Array<ArrayBuffer>
  /** Nats. */
  readonly losses: Float32Array<ArrayBuffer>
  /** Their mean, summed in double precision. */
  readonly loss: number
  /** What the pixels were standardised by; null for nothing. */
  readonly statistics: ChannelStatistics | null
}

/** Jacobians of a network's pieces; see shared/api/jacobians.ts. */
export interface JacobianTask extends Pick<
  JobReceived<'networks.jacobians'>,
  'mode' | 'pieces' | 'withBranch' | 'alignment' | 'partialProbes' | 'withRepairs'
> {
  readonly kind: 'jacobian'
  readonly network: unknown
  readonly weights: WeightsChoice | { readonly seed: number; readonly init: Initialiser }
  readonly points:
    | { readonly file: string; readonly image: number }
    | {
        readonly data: string
        readonly dataFolder: string
        readonly split: string
        readonly image: number
        readonly count: number
        readonly standardisation: GivenStandardisation
      }
  readonly search: Pick<JobReceived<'networks.jacobians'>, 'exactUpTo' | 'tolerance' | 'steps' | 'probes'>
  readonly threads?: number | undefined
}

/** Answer to it: all but what the lab knows. */
export type JacobianFound = Omit<JacobianAnswer, 'network' | 'weights'>

/** A question about one kernel in a file. */
export type KernelTask =
  | {
      readonly kind: 'spectrum'
      readonly weights: string
      readonly tensor: string
      readonly size?: number | undefined
      readonly padding?: Padding | undefined
      readonly stride?: number | undefined
      readonly groups?: number | undefined
      readonly dilation?: number | undefined
    }
  | {
      readonly kind: 'change'
      readonly weights: string
      readonly tensor: string
      readonly change: KernelChange
      /** Side of a convolution's grid of frequencies. */
      readonly size?: number | undefined
      readonly out: string
    }

/** Changes one layer of a network's weights; answers with its spectrum before and after. */
export interface ChangeTask {
  readonly kind: 'change-layer'
  readonly network: unknown
  readonly weights: SpectraTask['weights']
  readonly layer: string
  readonly change: KernelChange
  /** Where the weights are written, as they are and changed, with the network's names. */
  readonly original: string
  readonly out: string
}
/** Answer to it. */
export interface LayerChange {
  readonly before: LayerSpectrum
  readonly after: LayerSpectrum
  readonly rank: number | null
  readonly fullRank: number
}

/** Answer to `describe`. */
export interface EngineDescription {
  readonly tensorflow: string
  readonly devices: readonly string[]
  /** What `training.device` may name. */
  readonly choices: readonly string[]
  readonly cores: number
}

/** What a training worker is given. Folders and files are absolute. */
export interface TrainingRequest {
  readonly run: number
  readonly configuration: Configuration
  /** Where imported data sets lie. */
  readonly dataFolder: string
  /** Where the run's checkpoints are written. */
  readonly checkpointFolder: string
  /** Checkpoints to go on from, newest first; the first that is whole is taken. None to begin at the beginning. */
  readonly checkpoints: readonly string[]
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
  | { readonly type: RunWord; readonly run: number }
  | { readonly type: 'task'; readonly id: number; readonly task: EngineTask }

/** Host → lab. Steps travel in bundles of at most 50 ms. */
export type HostEvent =
  | { readonly type: 'ready' }
  | { readonly type: 'run'; readonly run: number; readonly events: readonly TrainingEvent[] }
  | { readonly type: 'progress'; readonly id: number; readonly progress: TaskProgress }
  | { readonly type: 'answer'; readonly id: number; readonly value?: unknown; readonly error?: WireError }
