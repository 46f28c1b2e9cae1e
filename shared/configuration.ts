import { z } from 'zod'
import { NetworkDocument } from './architecture/document'
import { RunOrigin } from './run-origin'
import { schemas } from './settings'
import type { clip } from './settings/clip'
import type { projection } from './settings/projection'

export { Initialiser, type InitialValues, initialValuesOf } from './settings/initialiser'
export type { WhiteningSettings } from './settings/whitening'

/** Which built-in or imported data set, and how much of it. */
export const DataChoice = schemas.data.unwrap()
export type DataChoice = z.infer<typeof DataChoice>

/** How a network is trained; each setting is declared in a file of shared/settings. */
export const Training = schemas.training
export type Training = z.infer<typeof Training>
/** With what of which machine a run is trained: device, threads, memory, place. It decides no number of its records. */
export const Execution = schemas.execution
export type Execution = z.infer<typeof Execution>
/** A training as it is asked for: with steps and without epochs it has as many epochs as the steps make. */
export const AskedTraining = Training.extend({ epochs: Training.shape.epochs.unwrap().optional() })
export type Projection = z.output<typeof projection.schema>
export type Clipping = z.output<typeof clip.schema>

/** All that decides a run's numbers, so that the same configuration gives the same run on the same machine; and `execution`, which does not. */
export const Configuration = z.strictObject({
  /** The preset as it was asked for (`proc-resnet:blocks=3`), where the network came from one. */
  preset: z.string().max(500).optional(),
  network: NetworkDocument,
  data: schemas.data,
  training: Training.prefault({}),
  execution: Execution.prefault({}),
  seed: schemas.seed,
  /** SHA-256 of an imported data set as it was when the run was started, hexadecimal. */
  dataHash: z
    .string()
    .regex(/^[0-9a-f]{64}$/, 'must be a SHA-256')
    .optional(),
  /** SHA-256 of the weights that the run begins with in place of initial values, hexadecimal; the file lies with the run. */
  weights: z
    .string()
    .regex(/^[0-9a-f]{64}$/, 'must be a SHA-256')
    .optional(),
  /** Set where the run was trained elsewhere: the network is then a stand-in with its name, and of the settings only those in here are known. */
  origin: RunOrigin.optional(),
})
export type Configuration = z.infer<typeof Configuration>
