import { z } from 'zod'
import { NetworkDocument } from './architecture/document'
import { AskedTraining, Configuration, Training } from './configuration'
import { Comparison, ComparisonLayout } from './comparison'
import { Cell, Experiment, ExperimentDefinition, ExperimentPlan, ReadyExperiment } from './experiments/experiment'
import { InitialEvent, InitialQuestion } from './initial-measures'
import { DatasetName, ImportChoices } from './datasets'
import { FilePath } from './file-path'
import { ItemId, ItemName, ItemVersion, LibraryItem, SaveItem, WeightsSource } from './library'
import type { JobProgress, RunningJob } from './job'
import { RunMeasureValues, StepMeasureColumns, StepMeasureValues } from './measures/schemas'
import { UnitSets } from './measures/unit-sets'
import { EpochRecord, Measured, RunNotice, RunState, StepRecord, Unit } from './records'
import { parallelRuns } from './settings/lab'
import { RunId } from './run-id'

/** One question and its answer. */
function request<I extends z.ZodType, O extends z.ZodType>(input: I, output: O) {
  return { kind: 'request' as const, input, output }
}
/** A standing question: events until the asker lets go. */
function subscription<I extends z.ZodType, E extends z.ZodType>(input: I, event: E) {
  return { kind: 'subscription' as const, input, event }
}

/** Work that takes its time: how far it has come, then its answer; can be called off. */
function job<I extends z.ZodType, O extends z.ZodType>(input: I, output: O) {
  return { kind: 'job' as const, input, output }
}

const nothing = z.strictObject({})

/** What people call a run: a name of blanks alone is none. */
const RunName = z.string().trim().min(1).max(200)

export const PresetInfo = z.object({
  /** `proc-resnet`. */
  name: z.string(),
  title: z.string(),
  /** One sentence: what it is, and from which paper. */
  description: z.string(),
  /** An example that is ready to train: `proc-resnet:blocks=3`. */
  example: z.string(),
  options: z.array(z.object({ name: z.string(), description: z.string(), default: z.string() })),
  /** How depth counts: `9n+4`; absent where the preset takes none. */
  depth: z.string().optional(),
  /** The repairs that the preset's paper trains it with. */
  recommended: z.object({
    projection: z.enum(['none', 'transitions']),
    whitening: z.boolean(),
    nesterov: z.boolean(),
    init: z.enum(['he-fan-in', 'he-fan-out']),
  }),
})
export type PresetInfo = z.infer<typeof PresetInfo>

export const NetworkSummary = z.object({
  name: z.string(),
  document: NetworkDocument,
  /** Layers after expansion, and units measured. */
  nodes: z.number(),
  blocks: z.number(),
  parameters: z.number(),
  /** Of one image's forward pass; a multiply-add counts as two. */
  flops: z.number(),
  units: z.array(Unit),
  /** Every layer after expansion; shapes are height, width, channels, or features. */
  layers: z.array(
    z.object({ name: z.string(), kind: z.string(), shape: z.array(z.number()), parameters: z.number(), flops: z.number() }),
  ),
})
export type NetworkSummary = z.infer<typeof NetworkSummary>

export const DatasetSummary = z.object({
  name: z.string(),
  title: z.string(),
  description: z.string(),
  licence: z.string(),
  source: z.string(),
  /** Height, width, channels. */
  shape: z.array(z.number().int()),
  classes: z.array(z.string()),
  /** Images of each split, as the set comes; a procedural set gives as many as asked. */
  splits: z.array(z.object({ name: z.string(), images: z.number().int() })),
  procedural: z.boolean(),
  /** SHA-256 of an imported set's images and labels, hexadecimal. */
  hash: z.string().optional(),
})
export type DatasetSummary = z.infer<typeof DatasetSummary>

/** An imported or built-in set in full. */
export const DatasetDetail = DatasetSummary.extend({
  splits: z.array(
    z.object({
      name: z.string(),
      images: z.number().int(),
      /** Images of each class, in the order of the classes. */
      classCounts: z.array(z.number().int()),
      /** Of each channel, over all pixels of the split: mean and population deviation, 0–1. */
      mean: z.array(z.number()),
      std: z.array(z.number()),
    }),
  ),
  /** What was left out or taken for granted when it was imported. */
  remarks: z.array(z.string()),
  /** How it was read: the kind's name; absent for built-in sets. */
  kind: z.string().optional(),
  importedAt: z.string().optional(),
})
export type DatasetDetail = z.infer<typeof DatasetDetail>

/** Why a run failed or was interrupted, for its first line. */
export const RunProblem = z.object({ message: z.string(), step: z.number().optional(), unit: z.string().optional() })

/** How far the work on a run has come. */
export const RunProgress = z.object({
  phase: z.enum(['queued', 'data', 'compile', 'first-step', 'train', 'evaluate', 'ended']),
  /** Steps done, and in all. */
  step: z.number(),
  steps: z.number(),
  stepsPerEpoch: z.number(),
  /** Median wall time of the last steps, and estimate of the time left. */
  stepMs: z.number().nullable(),
  secondsLeft: z.number().nullable(),
  /** Resident memory of the process that trains it, while it does. */
  memoryBytes: z.number().nullable(),
  /** The evaluation on the test images that is going on: images done and in all, and seconds since it began. */
  test: z.object({ done: z.number(), images: z.number(), seconds: z.number() }).optional(),
})

export const RunSummary = z.object({
  id: RunId,
  name: z.string(),
  state: RunState,
  problem: RunProblem.nullable(),
  /** In the order in which they happened. */
  notices: z.array(RunNotice),
  /** Place in the queue, from 1; null for a run that does not wait. */
  place: z.number().int().nullable(),
  preset: z.string().nullable(),
  network: z.string(),
  dataset: z.string(),
  seed: z.number(),
  /** Of its network, blocks and transitions; and residual blocks alone. */
  unitCount: z.number().int(),
  blocks: z.number().int(),
  parameters: z.number().nullable(),
  device: z.string().nullable(),
  /** NormLab, TensorFlow, Node, Electron, operating system, … */
  versions: z.record(z.string(), z.string()),
  createdAt: z.string(),
  startedAt: z.string().nullable(),
  endedAt: z.string().nullable(),
  progress: RunProgress,
  /** What its measures of ratios are over. */
  sets: UnitSets,
  /** Values of the last step, and those of the norms of the last step that was measured; 0 where there is no such step yet. */
  last: StepMeasureValues.extend({
    step: z.number().int(),
    measuredStep: z.number().int(),
    testAccuracy: Measured.nullable(),
  }),
  /** The one value of each measure that stands for the run (shared/measures), and the last epoch on record, which some are of. */
  measures: RunMeasureValues.extend({ epoch: z.number().int() }),
  /** The loss at some forty steps spread over the run, for a sparkline. */
  spark: z.array(Measured),
  /** Every setting under its path, `training.rate`; without the network's document. */
  settings: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
  tags: z.array(z.string()),
  note: z.string(),
  starred: z.boolean(),
  archived: z.boolean(),
  pinned: z.boolean(),
  /** The experiment that it belongs to, and which of its cells it fills. */
  experiment: z.number().int().nullable(),
  cell: Cell.nullable(),
  /** When it was deleted; null for one that is there. */
  deletedAt: z.string().nullable(),
  /** What of it cannot be read, a sentence each: a damaged record, or a newer NormLab's. Such a run can be looked at, not trained. */
  unreadable: z.array(z.string()),
})
export type RunSummary = z.infer<typeof RunSummary>

/** A run that was deleted, and when it is gone for good. */
export const DeletedRun = RunSummary.extend({
  purgedAt: z.string(),
  /** What its records and files take. */
  bytes: z.number(),
})
export type DeletedRun = z.infer<typeof DeletedRun>

/** What a run comes to before it starts. */
export const RunPlan = z.object({
  /** What it is called where nobody names it. */
  name: z.string(),
  steps: z.number().int(),
  /** The last one may be cut short by the limit in steps. */
  epochs: z.number().int(),
  stepsPerEpoch: z.number().int(),
  /** Estimates, milliseconds and seconds, from what was measured on this machine; null where nothing was. */
  stepMs: z.number().nullable(),
  seconds: z.number().nullable(),
  /** What the times rest on. */
  basis: z.string(),
  /** Bytes: an estimate of what a step takes on the CPU, what is free now, and what the machine has. */
  memory: z.object({ needed: z.number(), free: z.number(), total: z.number() }),
  /** What the reader should know before it begins. */
  warning: z.string().nullable(),
})
export type RunPlan = z.infer<typeof RunPlan>

/** A word of the reader's to a moment of a run. */
export const Annotation = z.object({
  id: z.number().int(),
  step: z.number().int(),
  /** Index of a unit, where the word is about one. */
  unit: z.number().int().nullable(),
  text: z.string(),
  at: z.string(),
})
export type Annotation = z.infer<typeof Annotation>

export const RunDetail = RunSummary.extend({
  configuration: Configuration,
  units: z.array(Unit),
  annotations: z.array(Annotation),
})
export type RunDetail = z.infer<typeof RunDetail>

const Tag = z.string().trim().min(1).max(60)

const TensorName = z.string().min(1).max(1000)
/** Side of a grid of frequencies, pixels. */
const GridSide = z.number().int().min(1).max(4096)
/** The least rank that a repair found, and the full one; null where its method does not tell. */
const RepairedTensor = z.object({ rank: z.number().nullable(), fullRank: z.number() })

/** A value, and what it may be off by. */
const Bounded = z.object({ value: z.number(), error: z.number() })

const NetworkChoice = z.union([z.string().min(1).max(500), NetworkDocument])

export const Check = z.object({
  name: z.string(),
  ok: z.boolean(),
  /** True where most works without it. */
  optional: z.boolean().optional(),
  detail: z.string(),
  remedy: z.string().optional(),
})
export type Check = z.infer<typeof Check>

/** What holds for all runs of a data folder. */
export const LabSettings = z.strictObject({
  /** Runs that train at the same time. */
  parallelRuns: parallelRuns.schema.unwrap(),
  /** The run that the others are compared with. */
  baseline: RunId.nullable(),
})
export type LabSettings = z.infer<typeof LabSettings>

/** All that a front end can ask of the lab. Window, browser and command line call it alike; the boundary validates both ways. */
export const LabApi = {
  'lab.doctor': request(nothing, z.object({ checks: z.array(Check) })),

  /** Why nothing can be written to the data folder, a sentence; null where it can. */
  'lab.refusal': request(nothing, z.strictObject({ refusal: z.string().nullable() })),
  'lab.settings': request(nothing, LabSettings),
  'lab.configure': request(LabSettings.partial(), LabSettings),

  'presets.list': request(nothing, z.array(PresetInfo)),
  'networks.inspect': request(z.strictObject({ network: NetworkChoice, dataset: z.string().optional() }), NetworkSummary),
  'networks.evaluate': request(
    z.strictObject({
      network: NetworkChoice,
      weights: FilePath,
      batch: FilePath,
      out: FilePath,
      threads: z.number().int().min(1).optional(),
    }),
    z.object({ loss: Measured, units: z.array(Unit), norms: z.instanceof(Float32Array), ratios: z.instanceof(Float32Array) }),
  ),
  'networks.replay': request(
    z.strictObject({
      network: NetworkChoice,
      weights: FilePath,
      batches: FilePath,
      out: FilePath,
      rate: z.number(),
      momentum: z.number(),
      nesterov: z.boolean(),
      weightDecay: z.number(),
      projection: Configuration.shape.training.unwrap().shape.projection,
      whitening: z.boolean(),
      threads: z.number().int().min(1).optional(),
    }),
    z.object({ losses: z.instanceof(Float32Array), steps: z.number() }),
  ),

  /**
   * The singular values of one kernel of a file, descending: of a convolution as it acts on size×size inputs, or of a dense kernel; of
   * an operator too large for all of them the extremes, each with what it may be off by.
   */
  'kernels.spectrum': request(
    z.strictObject({
      weights: FilePath,
      tensor: TensorName,
      size: GridSide.optional(),
      /** Wraps around, as TensorFlow's `SAME`, or so many zeros on every side. */
      padding: z.union([z.enum(['circular', 'same']), z.number().int().min(0).max(1024)]).optional(),
      stride: z.number().int().min(1).max(1024).optional(),
      groups: z.number().int().min(1).max(65_536).optional(),
    }),
    z.union([
      z.object({ singularValues: z.instanceof(Float32Array) }),
      z.object({ largest: Bounded, smallest: Bounded, frobenius: Bounded }),
    ]),
  ),
  /**
   * The singular values, descending, of a unit's Jacobian: of what leaves it by what enters it, at one image of a file by moving
   * statistics, or over the file's whole batch, which batch norm couples.
   */
  'networks.spectrum': request(
    z.strictObject({
      network: NetworkChoice,
      unit: z.string().min(1).max(1000),
      /** A file, or the newest checkpoint of a run. */
      weights: z.union([FilePath, z.strictObject({ run: RunId })]),
      batch: FilePath,
      mode: z.enum(['inference', 'training']).default('inference'),
      image: z.number().int().min(0).default(0),
    }),
    z.object({
      singularValues: z.instanceof(Float32Array),
      /** Values that leave the unit and that enter it, the batch in them. */
      rows: z.number().int(),
      columns: z.number().int(),
    }),
  ),
  /** Writes a copy of a file in which one convolution's kernel is projected on a size×size grid. */
  'kernels.project': request(
    z.strictObject({
      weights: FilePath,
      tensor: TensorName,
      size: GridSide,
      method: z.enum(['svd', 'newton-schulz']),
      out: FilePath,
    }),
    RepairedTensor,
  ),
  /** Writes a copy of a file in which one dense kernel is whitened. */
  'kernels.whiten': request(z.strictObject({ weights: FilePath, tensor: TensorName, out: FilePath }), RepairedTensor),

  /** Newest change first. */
  'library.list': request(nothing, z.array(LibraryItem)),
  'library.show': request(z.strictObject({ id: ItemId }), LibraryItem),
  /** A new item, or a new state of an old one; its name is the document's. Versions that were kept stay. */
  'library.save': request(SaveItem, LibraryItem),
  'library.rename': request(z.strictObject({ id: ItemId, name: ItemName }), LibraryItem),
  /** Takes items out of the list; `library.restore` brings them back for thirty days. */
  'library.delete': request(z.strictObject({ ids: z.array(ItemId).min(1).max(10_000) }), z.strictObject({})),
  'library.restore': request(z.strictObject({ ids: z.array(ItemId).min(1).max(10_000) }), z.array(LibraryItem)),
  /** Keeps the item as it is now as a version; newest first. */
  'library.keep': request(z.strictObject({ id: ItemId, note: z.string().trim().max(2000).default('') }), z.array(ItemVersion)),
  'library.versions': request(z.strictObject({ id: ItemId }), z.array(ItemVersion)),

  /**
   * Writes a network's parameters as safetensors, named as in the network: initial values of a seed, those of a run's newest
   * checkpoint, or those that an item of the library has.
   */
  'weights.export': request(
    z.strictObject({
      from: WeightsSource,
      out: FilePath,
    }),
    z.object({ path: z.string(), tensors: z.number(), parameters: z.number() }),
  ),
  /** Checks a safetensors file against a network of the library and keeps a copy for it. */
  'weights.import': request(z.strictObject({ item: ItemId, file: FilePath }), LibraryItem),
  'weights.forget': request(z.strictObject({ item: ItemId }), LibraryItem),

  'datasets.list': request(nothing, z.array(DatasetSummary)),
  'datasets.show': request(z.strictObject({ name: z.string().min(1).max(200) }), DatasetDetail),
  /** Takes an imported set away for good. */
  'datasets.delete': request(z.strictObject({ name: z.string().min(1).max(200) }), z.strictObject({})),
  /** Recognises a file, folder or archive by its content and brings it in. */
  'datasets.import': job(
    z.strictObject({ source: FilePath, name: DatasetName.optional(), choices: ImportChoices.prefault({}) }),
    DatasetDetail,
  ),
  /** Reads all of an imported set again and holds it against the hash that it was given. */
  'datasets.verify': job(z.strictObject({ name: z.string().min(1).max(200) }), z.object({ hash: z.string() })),
  /** Writes a set as safetensors: `<split>/images` and `<split>/labels`, the classes as metadata. */
  'datasets.export': job(
    z.strictObject({ name: z.string().min(1).max(200), out: FilePath }),
    z.object({ path: z.string(), images: z.number().int() }),
  ),

  'runs.list': request(nothing, z.array(RunSummary)),
  'runs.show': request(z.strictObject({ run: RunId }), RunDetail),
  /** The network as a preset's words or a document; settings that are absent take their defaults. */
  'runs.start': request(
    z.strictObject({
      /** Absent: a default that tells it from the runs there are. */
      name: RunName.optional(),
      /** The run that it is made after; a default name is made of that run's. */
      like: RunId.optional(),
      network: NetworkChoice,
      data: Configuration.shape.data,
      training: AskedTraining.prefault({}),
      seed: Configuration.shape.seed,
      /**
       * Weights to begin with instead of initial values: those of a library item, those that another run began with, or a
       * safetensors file's. A file is the command line's to name alone.
       */
      weights: z
        .union([z.strictObject({ item: ItemId }), z.strictObject({ run: RunId }), z.strictObject({ file: FilePath })])
        .optional(),
    }),
    RunDetail,
  ),
  /** What such a run comes to. Nothing is started. @throws UserError as `runs.start` would. */
  'runs.plan': request(
    z.strictObject({
      like: RunId.optional(),
      network: NetworkChoice,
      data: Configuration.shape.data,
      training: AskedTraining.prefault({}),
      seed: Configuration.shape.seed,
    }),
    RunPlan,
  ),
  'runs.pause': request(z.strictObject({ run: RunId }), RunSummary),
  /**
   * Goes on with a run that is paused; one that was interrupted, stopped or failed goes on from its last checkpoint. Epochs and
   * steps give it another end; a run that is done needs one.
   */
  'runs.resume': request(
    z.strictObject({
      run: RunId,
      epochs: Training.shape.epochs.unwrap().optional(),
      steps: Training.shape.steps,
      /** The schedule ends where it would have ended, and its last rate goes on; else it is stretched over the new length. */
      keepSchedule: z.boolean().optional(),
    }),
    RunSummary,
  ),
  /** Moves a waiting run before another one, or to the end. */
  'runs.move': request(z.strictObject({ run: RunId, before: RunId.nullable() }), RunSummary),
  'runs.stop': request(z.strictObject({ run: RunId }), RunSummary),
  /** Leaves out the rest of the evaluation that is going on; the run goes on, or is done. */
  'runs.skip-test': request(z.strictObject({ run: RunId }), RunSummary),
  /** Words and signs on runs; what is absent stays as it is. */
  'runs.mark': request(
    z.strictObject({
      runs: z.array(RunId).min(1).max(100_000),
      starred: z.boolean().optional(),
      archived: z.boolean().optional(),
      pinned: z.boolean().optional(),
      note: z.string().max(100_000).optional(),
      addTags: z.array(Tag).max(100).optional(),
      removeTags: z.array(Tag).max(100).optional(),
    }),
    z.strictObject({}),
  ),
  'runs.annotate': request(
    z.strictObject({
      run: RunId,
      step: z.number().int().min(0),
      unit: z.number().int().min(0).optional(),
      text: z.string().trim().min(1).max(2000),
    }),
    z.array(Annotation),
  ),
  'runs.unannotate': request(z.strictObject({ run: RunId, annotation: z.number().int() }), z.array(Annotation)),
  'runs.rename': request(z.strictObject({ run: RunId, name: RunName }), RunSummary),
  /**
   * Takes a run out of the list; `runs.restore` brings it back for thirty days. With `now` it is gone at once. Tells how much space that gives back,
   * and when: null for at once.
   */
  'runs.delete': request(
    z.strictObject({ run: RunId, now: z.boolean().default(false) }),
    z.strictObject({ bytes: z.number(), purgedAt: z.string().nullable() }),
  ),
  /** The deleted runs that can come back, the last one first. */
  'runs.deleted': request(nothing, z.array(DeletedRun)),
  'runs.restore': request(z.strictObject({ run: RunId }), RunSummary),
  /** Removes deleted runs for good, all of them where none is named. Tells how much space that gave back. */
  'runs.purge': request(z.strictObject({ runs: z.array(RunId).max(100_000).optional() }), z.strictObject({ bytes: z.number() })),
  /** Records of the steps from…to, both included. */
  'runs.steps': request(
    z.strictObject({ run: RunId, from: z.number().int().min(1), to: z.number().int().min(1) }),
    z.array(StepRecord),
  ),
  /** What each step measured, without its norms, as columns. */
  'runs.curves': request(
    z.strictObject({ run: RunId }),
    StepMeasureColumns.extend({
      step: z.instanceof(Float64Array),
      epoch: z.instanceof(Float64Array),
      /** When it was stored, milliseconds since 1970; NaN in records of older runs. */
      at: z.instanceof(Float64Array),
    }),
  ),
  /** Share of the blocks whose ratio lies within 1 ± c·log(2L)/L, at each of the steps that were measured. */
  'runs.within': request(
    z.strictObject({ run: RunId, c: z.number().min(0).max(1e9) }),
    z.object({ step: z.instanceof(Float64Array), share: z.instanceof(Float32Array) }),
  ),
  /** One unit's ratio at every step that was measured. */
  'runs.unit': request(
    z.strictObject({ run: RunId, unit: z.number().int().min(0) }),
    z.object({ step: z.instanceof(Float64Array), ratio: z.instanceof(Float32Array) }),
  ),
  'runs.epochs': request(z.strictObject({ run: RunId }), z.array(EpochRecord)),
  /** The run's records as a file, written aside and moved into place. */
  'runs.export': request(
    z.strictObject({ run: RunId, out: FilePath, format: z.enum(['json', 'csv', 'bundle']) }),
    z.object({ path: z.string(), steps: z.number() }),
  ),
  /** A run from a bundle that `runs.export` wrote, here or on another machine, as a new run of this data folder. */
  'runs.import': request(z.strictObject({ file: FilePath }), RunSummary),

  'comparisons.list': request(nothing, z.array(Comparison)),
  /** A new one, or an old one in its new form. */
  'comparisons.save': request(
    z.strictObject({ id: z.number().int().optional(), name: z.string().trim().min(1).max(200), layout: ComparisonLayout }),
    Comparison,
  ),
  'comparisons.delete': request(z.strictObject({ id: z.number().int() }), z.strictObject({})),

  /** The experiments that come with NormLab. */
  'experiments.ready': request(nothing, z.array(ReadyExperiment)),
  'experiments.list': request(nothing, z.array(Experiment)),
  'experiments.show': request(z.strictObject({ id: z.number().int() }), Experiment),
  /** What a definition comes to: its cells with their sizes and costs. Nothing is started. */
  'experiments.plan': request(z.strictObject({ definition: ExperimentDefinition }), ExperimentPlan),
  'experiments.start': request(z.strictObject({ definition: ExperimentDefinition }), Experiment),
  /** Gives it another definition; cells that it has already keep their runs, new ones are queued. */
  'experiments.extend': request(z.strictObject({ id: z.number().int(), definition: ExperimentDefinition }), Experiment),
  /** Goes on with cells whose run was interrupted, stopped or failed, and starts those without one. */
  'experiments.resume': request(z.strictObject({ id: z.number().int() }), Experiment),
  'experiments.stop': request(z.strictObject({ id: z.number().int() }), Experiment),
  /** Lets go of its runs, which stay. */
  'experiments.delete': request(z.strictObject({ id: z.number().int() }), z.strictObject({})),

  /**
   * Ratios of a network as it is initialised, measured in the background; letting go ends the work. Without and with the paper's
   * projection.
   */
  'networks.initial': subscription(InitialQuestion.extend({ network: NetworkChoice }), InitialEvent),

  /** The list of runs at once, then each run that changed, at most ten times a second; `gone` names deleted ones. */
  'runs.changes': subscription(nothing, z.object({ runs: z.array(RunSummary), gone: z.array(RunId) })),
  /** New records of one run as they come, at most ten times a second. What was stored before is asked with runs.steps and runs.epochs. */
  'runs.watch': subscription(
    z.strictObject({ run: RunId }),
    z.object({ steps: z.array(StepRecord), epochs: z.array(EpochRecord) }),
  ),
} as const

export type LabApi = typeof LabApi
export type RequestName = { [N in keyof LabApi]: LabApi[N]['kind'] extends 'request' ? N : never }[keyof LabApi]
export type SubscriptionName = { [N in keyof LabApi]: LabApi[N]['kind'] extends 'subscription' ? N : never }[keyof LabApi]
export type JobName = Exclude<keyof LabApi, RequestName | SubscriptionName>
/** What a caller passes (defaults may be absent) and what the lab receives (defaults filled in). */
export type RequestInput<N extends RequestName> = z.input<LabApi[N]['input']>
export type RequestReceived<N extends RequestName> = z.output<LabApi[N]['input']>
export type RequestOutput<N extends RequestName> = z.output<Extract<LabApi[N], { kind: 'request' }>['output']>
export type SubscriptionInput<N extends SubscriptionName> = z.input<LabApi[N]['input']>
export type SubscriptionReceived<N extends SubscriptionName> = z.output<LabApi[N]['input']>
export type SubscriptionEvent<N extends SubscriptionName> = z.output<Extract<LabApi[N], { kind: 'subscription' }>['event']>

export type JobInput<N extends JobName> = z.input<LabApi[N]['input']>
export type JobReceived<N extends JobName> = z.output<LabApi[N]['input']>
export type JobOutput<N extends JobName> = z.output<Extract<LabApi[N], { kind: 'job' }>['output']>

/** The lab as its front ends see it: in the same process, behind a MessagePort or behind a WebSocket. */
export interface Lab {
  request<N extends RequestName>(name: N, input: RequestInput<N>): Promise<RequestOutput<N>>
  /**
   * @param onRefused Hears, in place of events, why there will be none, where the lab is at the far end of a wire; one in this process throws.
   * @returns a function that lets go.
   */
  subscribe<N extends SubscriptionName>(
    name: N,
    input: SubscriptionInput<N>,
    listener: (event: SubscriptionEvent<N>) => void,
    onRefused?: (error: Error) => void,
  ): () => void
  /** Begins work that takes its time. */
  start<N extends JobName>(name: N, input: JobInput<N>, onProgress?: (progress: JobProgress) => void): RunningJob<JobOutput<N>>
}

/** One message between a front end and the lab, on whatever wire. */
export type ToLab =
  | { readonly type: 'request'; readonly id: number; readonly name: string; readonly input: unknown }
  | { readonly type: 'subscribe'; readonly id: number; readonly name: string; readonly input: unknown }
  | { readonly type: 'start'; readonly id: number; readonly name: string; readonly input: unknown }
  | { readonly type: 'release'; readonly id: number }
export type FromLab =
  | { readonly type: 'answer'; readonly id: number; readonly value: unknown }
  | { readonly type: 'refused'; readonly id: number; readonly message: string; readonly forUser: boolean }
  | { readonly type: 'event'; readonly id: number; readonly event: unknown }
  | { readonly type: 'progress'; readonly id: number; readonly progress: JobProgress }
