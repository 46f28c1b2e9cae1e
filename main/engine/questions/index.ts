import type { MachineLimits, PreparationPlan } from '../../../shared/api'
import type { DatasetChecks } from '../../../shared/datasets/checks'
import type { WeightReport } from '../../../shared/weight-map'
import type { About } from '../../datasets/imported/about'
import type { StoreCheck } from '../../store/check'
import type { QueryAnswer, QueryQuestion } from '../../store/query/answer'
import type { Spectrum } from '../spectra/spectrum'
import type { CheckTask, ImportTask, PlanTask, PrepareTask, RecognisedSource, RecogniseTask } from './datasets'
import type { BackedUp, BackUpTask, CopiedAhead, CopyAheadTask, RestoreTask, Unpacked } from './keeping'
import type {
  EvaluateTask,
  Evaluation,
  InitialFound,
  InitialTask,
  MovedFound,
  MovedTask,
  Replay,
  ReplayTask,
  TestAnswer,
  TestTask,
} from './passes'
import type {
  ChangeTask,
  JacobianFound,
  JacobianTask,
  KernelChangeTask,
  KernelSpectrumTask,
  LayerChange,
  RepairedFile,
  SpectraFound,
  SpectraTask,
} from './spectra'
import type {
  CopyTask,
  ExportNetworkTask,
  ImportedNetwork,
  ImportNetworkTask,
  InitialWeightsTask,
  MapTask,
  WrittenNetwork,
  WrittenWeights,
} from './weights'

export type * from './datasets'
export type * from './keeping'
export type * from './passes'
export type * from './spectra'
export type * from './weights'

/** What the machine reaches; the lab knows when and on what. */
export type MeasuredLimits = Omit<MachineLimits, 'at' | 'processor'>

/** Answer to `describe`. */
export interface EngineDescription {
  readonly tensorflow: string
  readonly devices: readonly string[]
  /** What `execution.device` may name. */
  readonly choices: readonly string[]
  readonly cores: number
}

/** Answer to `self-test`: three steps of a small known network. */
export interface SelfTestAnswer {
  readonly losses: readonly number[]
  readonly expected: readonly number[]
  /** The largest relative difference of a loss or a norm. */
  readonly worst: number
  readonly isRight: boolean
}

/** One-off questions to the engine by their names: what goes in, and what comes out. `tasks/index.ts` answers them. Paths are absolute. */
export interface EngineQuestions {
  /** What TensorFlow there is, and on what it runs. */
  describe: { input: Record<string, never>; answer: EngineDescription }
  limits: { input: Record<string, never>; answer: MeasuredLimits }
  /** Whether a data folder's store is whole. */
  'check-store': { input: { home: string }; answer: StoreCheck }
  'self-test': { input: Record<string, never>; answer: SelfTestAnswer }
  /** One forward and backward pass on a file's batch. */
  evaluate: { input: EvaluateTask; answer: Evaluation }
  /** The optimiser's steps on a file's batches. */
  replay: { input: ReplayTask; answer: Replay }
  /** A network before any training; see shared/initial-measures.ts. */
  initial: { input: InitialTask; answer: InitialFound }
  moved: { input: MovedTask; answer: MovedFound }
  'initial-weights': { input: InitialWeightsTask; answer: WrittenWeights }
  /** What would be taken of a file for a network. */
  'map-weights': { input: MapTask; answer: WeightReport }
  'copy-weights': { input: CopyTask; answer: WrittenWeights }
  /** A network that another program wrote. */
  'import-network': { input: ImportNetworkTask; answer: ImportedNetwork }
  /** As an ONNX file. */
  'export-network': { input: ExportNetworkTask; answer: WrittenNetwork }
  test: { input: TestTask; answer: TestAnswer }
  spectra: { input: SpectraTask; answer: SpectraFound }
  jacobian: { input: JacobianTask; answer: JacobianFound }
  /** Of one kernel in a file. */
  'kernel-spectrum': { input: KernelSpectrumTask; answer: Spectrum }
  'change-kernel': { input: KernelChangeTask; answer: RepairedFile }
  'change-layer': { input: ChangeTask; answer: LayerChange }
  'recognise-dataset': { input: RecogniseTask; answer: RecognisedSource }
  'import-dataset': { input: ImportTask; answer: About }
  'check-dataset': { input: CheckTask; answer: DatasetChecks }
  'prepare-dataset': { input: PrepareTask; answer: About }
  /** About the store, in SQL. */
  query: { input: QueryQuestion; answer: QueryAnswer }
  'back-up': { input: BackUpTask; answer: BackedUp }
  restore: { input: RestoreTask; answer: Unpacked }
  'copy-ahead': { input: CopyAheadTask; answer: CopiedAhead }
  'plan-dataset': { input: PlanTask; answer: PreparationPlan }
}
export type QuestionName = keyof EngineQuestions
export type QuestionInput<N extends QuestionName> = EngineQuestions[N]['input']
export type QuestionAnswer<N extends QuestionName> = EngineQuestions[N]['answer']

/** An answer as it arrives from another process: a copy, which is the asker's own, with memory that no thread shares. */
export type Arrived<T> = T extends Float32Array
  ? Float32Array<ArrayBuffer>
  : T extends Float64Array
    ? Float64Array<ArrayBuffer>
    : T extends Int32Array
      ? Int32Array<ArrayBuffer>
      : T extends Uint8Array
        ? Uint8Array<ArrayBuffer>
        : { -readonly [K in keyof T]: Arrived<T[K]> }

/** A question of one of these names, as it travels. */
export type Question<N extends QuestionName = QuestionName> = {
  [M in N]: { readonly name: M; readonly input: QuestionInput<M> }
}[N]

/** How far a long question has come; without counts where they are not known. */
export interface TaskProgress {
  readonly phase:
    | 'compiling'
    | 'measuring'
    | 'timing'
    | 'looking'
    | 'reading'
    | 'writing'
    | 'checking'
    | 'comparing'
    | 'training'
    | 'testing'
    | 'decomposing'
    | 'clipping'
    | 'copying'
    | 'unpacking'
  readonly done?: number
  readonly total?: number
}
