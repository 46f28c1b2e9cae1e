import { z } from 'zod'
import { AskedTraining, Configuration, Training } from '../configuration'
import { FilePath } from '../file-path'
import { ItemId } from '../library'
import { StepMeasureColumns } from '../measures/schemas'
import { EpochRecord, StepRecord } from '../records'
import { RunId } from '../run-id'
import { WeightMap } from '../weight-map'
import { nothing, request, subscription } from './kinds'
import { NetworkChoice } from './networks'
import { Annotation, DeletedRun, RunDetail, RunPlan, RunSummary } from './runs'

/** What people call a run: a name of blanks alone is none. */
const RunName = z.string().trim().min(1).max(200)

const Tag = z.string().trim().min(1).max(60)

/** The runs and their records. */
export const runCalls = {
  'runs.list': request(nothing, z.array(RunSummary)),
  /** The checkpoints that a run has, newest first. */
  'runs.checkpoints': request(z.strictObject({ run: RunId }), z.array(z.object({ step: z.number().int() }))),
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
      execution: Configuration.shape.execution,
      seed: Configuration.shape.seed,
      /**
       * Weights to begin with instead of initial values: those of a library item, those that another run began with, or a
       * file's (safetensors, .npz, PyTorch's). A file is the command line's to name alone.
       */
      weights: z
        .union([
          z.strictObject({ item: ItemId }),
          z.strictObject({ run: RunId }),
          z.strictObject({ file: FilePath, map: WeightMap.optional() }),
        ])
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
      execution: Configuration.shape.execution,
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
  /** What each step from…to measured, both included and all where they are left out, without its norms, as columns. */
  'runs.curves': request(
    z.strictObject({ run: RunId, from: z.number().int().min(1).default(1), to: z.number().int().min(1).optional() }),
    StepMeasureColumns.extend({
      step: z.instanceof(Float64Array),
      epoch: z.instanceof(Float64Array),
      /** When it was stored, milliseconds since 1970; NaN in records of older runs. */
      at: z.instanceof(Float64Array),
    }),
  ),
  /** Share of the blocks whose ratio lies within 1 ± c·log(2L)/L, at each of the steps that were measured, from one on. */
  'runs.within': request(
    z.strictObject({ run: RunId, c: z.number().min(0).max(1e9), from: z.number().int().min(1).default(1) }),
    z.object({ step: z.instanceof(Float64Array), share: z.instanceof(Float32Array) }),
  ),
  /** One unit's ratio at every step that was measured, from one on. */
  'runs.unit': request(
    z.strictObject({ run: RunId, unit: z.number().int().min(0), from: z.number().int().min(1).default(1) }),
    z.object({ step: z.instanceof(Float64Array), ratio: z.instanceof(Float32Array) }),
  ),
  'runs.epochs': request(z.strictObject({ run: RunId }), z.array(EpochRecord)),
  /** The run's records as a file, written aside and moved into place. */
  'runs.export': request(
    z.strictObject({
      run: RunId,
      out: FilePath,
      format: z.enum(['json', 'csv', 'bundle', 'tensorboard']),
      /** Of CSV alone: its spectra in place of its steps. */
      spectra: z.boolean().default(false),
    }),
    z.object({ path: z.string(), steps: z.number() }),
  ),
  /**
   * A run as a new run of this data folder: from a bundle that `runs.export` or a recorder wrote, here or on another machine, or from an event file of TensorBoard's or a
   * folder of them.
   */
  'runs.import': request(z.strictObject({ file: FilePath }), RunSummary),

  /** The list of runs at once, then each run that changed, at most ten times a second; `gone` names deleted ones. */
  'runs.changes': subscription(nothing, z.object({ runs: z.array(RunSummary), gone: z.array(RunId) })),
  /** New records of one run as they come, at most ten times a second. What was stored before is asked with runs.steps and runs.epochs. */
  'runs.watch': subscription(
    z.strictObject({ run: RunId }),
    z.object({ steps: z.array(StepRecord), epochs: z.array(EpochRecord) }),
  ),
} as const
