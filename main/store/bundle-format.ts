import { z } from 'zod'
import { RunNotice, RunState, Unit } from '../../shared/records'

/** `NLrb`, in the file's header. */
export const APPLICATION_ID = 0x4e4c7262
export const BUNDLE_VERSION = 4

/** Columns that older versions of the form have: the second has how long each step waited for its batch, the third tests without copies, the fourth the signal on its way forward. */
const FIRST_STEP_COLUMNS = [
  ...['step', 'epoch', 'loss', 'accuracy', 'rate', 'ms', 'norms', 'gradient_norm', 'activations', 'weights', 'updates'],
] as const
const SECOND_STEP_COLUMNS = [...FIRST_STEP_COLUMNS, 'waited'] as const
const FIRST_EPOCH_COLUMNS = [
  ...['epoch', 'first_step', 'last_step', 'train_loss', 'train_accuracy', 'tested', 'test_loss', 'test_accuracy', 'seconds'],
  ...['ratio_mean', 'ratio_min', 'ratio_max'],
] as const

/** The columns of each table of records; others of later stores are made anew from them. */
export const RECORDS = {
  steps: [...SECOND_STEP_COLUMNS, 'signal'],
  epochs: [...FIRST_EPOCH_COLUMNS, 'copies', 'other_accuracy'],
  scalars: [
    ...['step', 'epoch', 'loss', 'accuracy', 'rate', 'ms', 'at', 'gradient_norm'],
    ...['chain', 'covering_c', 'deviation', 'low', 'high'],
  ],
  annotations: ['step', 'unit', 'text', 'at'],
} as const

/** The forms that a table may have, the oldest first. */
export const FORMS = {
  steps: [FIRST_STEP_COLUMNS, SECOND_STEP_COLUMNS, RECORDS.steps],
  epochs: [FIRST_EPOCH_COLUMNS, RECORDS.epochs],
} as const

/** The columns that a bundle has of the tables that have had several forms. */
export type BundleColumns = Readonly<Record<keyof typeof FORMS, readonly string[]>>

/** Tables that a bundle has where its run has something in them; the bundles of older versions have none. */
export const MORE_RECORDS = { spectra: ['step', 'skipped', 'cpu_ms', 'wall_ms', 'data'] } as const

export const TABLES: Readonly<Record<string, readonly string[]>> = {
  manifest: ['json'],
  ...RECORDS,
  ...MORE_RECORDS,
  checkpoints: ['step', 'data'],
}

/** As many steps or epochs as a run can be given. */
export const MOST_STEPS = 100_000_000
const stepNumber = z.number().int().min(0).max(MOST_STEPS)
const time = z.iso.datetime('must be a time such as 2026-01-31T12:00:00.000Z')

/** How the notice of a run begins whose bundle had no name for it. */
export const NO_NAME = 'Its bundle had no name'

/** The run's row as a bundle tells it. The configuration is looked at by itself, as it may be of another version. */
export const Manifest = z.object({
  version: z.literal(
    [1, 2, 3, BUNDLE_VERSION],
    `must be from 1 to ${BUNDLE_VERSION}: this bundle is of another version of NormLab`,
  ),
  /** Empty, or blanks alone, in bundles of runs that have none. */
  name: z.string().max(200),
  state: RunState,
  problem: z
    .object({ message: z.string().max(10_000), step: stepNumber.optional(), unit: z.string().max(1000).optional() })
    .nullable(),
  configuration: z.unknown(),
  units: z.array(Unit.extend({ name: z.string().max(1000) })).max(1_000_000),
  parameters: z.number().int().min(0).nullable(),
  device: z.string().max(500).nullable(),
  versions: z
    .record(z.string().max(100), z.string().max(500))
    .refine((versions) => Object.keys(versions).length <= 100, 'must have at most 100 entries'),
  steps: stepNumber,
  stepsPerEpoch: stepNumber,
  createdAt: time,
  startedAt: time.nullable(),
  endedAt: time.nullable(),
  notices: z.array(RunNotice.extend({ step: stepNumber, at: time, message: z.string().max(10_000) })).max(100_000),
  tags: z.array(z.string().max(60)).max(1000),
  note: z.string().max(100_000),
  /** SHA-256 of the first images and labels of the data that it was trained on. */
  dataHash: z.string().max(200),
})
export type Manifest = z.output<typeof Manifest>
