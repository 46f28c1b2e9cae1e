import { z } from 'zod'
import { FilePath } from '../file-path'
import { ChosenSource } from '../datasets/import-choices'
import { job } from './kinds'

/** A place by its path, or by the word for one that was chosen in the app's dialog (`datasets.choose`). */
const place = { file: FilePath.optional(), chosen: ChosenSource.optional() }

const BackupWritten = z.object({
  path: z.string(),
  runs: z.number().int(),
  files: z.number().int(),
  bytes: z.number(),
})

const Restored = z.object({
  /** The new data folder. */
  home: z.string(),
  runs: z.number().int(),
  files: z.number().int(),
  /** When the backup was made. */
  at: z.string(),
})

/** What keeps a data folder, and brings it elsewhere. */
export const keepingCalls = {
  /** Writes all that the data folder keeps into one file; labs may be at work on it meanwhile. */
  'keeping.backup': job(z.strictObject({ ...place, withoutDatasets: z.boolean().default(false) }), BackupWritten),
  /**
   * Copies the data folder to a new place, but for the store, which is copied when this lab is closed: `moves` of the window's call `folder` ends it, or `normlab move`.
   */
  'keeping.move': job(
    z.strictObject({ home: FilePath.optional(), chosenHome: ChosenSource.optional() }),
    z.object({ home: z.string(), bytes: z.number() }),
  ),
  /** Makes a data folder of a backup where there is none yet, or an empty one: the folder by its path, or by the word for it. */
  'keeping.restore': job(z.strictObject({ ...place, home: FilePath.optional(), chosenHome: ChosenSource.optional() }), Restored),
} as const
