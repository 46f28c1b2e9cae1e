import { z } from 'zod'
import { ChosenSource, ImportChoices } from '../datasets/import-choices'
import { DatasetName } from '../datasets/names'
import { CheckName, DatasetChecks } from '../datasets/checks'
import { PreparedFrom } from '../datasets/preparation'
import { FilePath } from '../file-path'
import { job, nothing, request } from './kinds'

export const DatasetSummary = z.object({
  name: z.string(),
  title: z.string(),
  description: z.string(),
  licence: z.string(),
  source: z.string(),
  /** Height, width, channels; of vectors 1, 1 and their features. */
  shape: z.array(z.number().int()),
  /** What the vectors are where it holds such and no images: floats of single precision, and the range and unit of each feature where it is known. */
  vectors: z.object({ range: z.tuple([z.number(), z.number()]).optional(), unit: z.string().optional() }).optional(),
  classes: z.array(z.string()),
  /** Images of each split, as the set comes; a procedural set gives as many as asked. */
  splits: z.array(z.object({ name: z.string(), images: z.number().int() })),
  procedural: z.boolean(),
  /** SHA-256 of an imported set's images and labels, hexadecimal. */
  hash: z.string().optional(),
  /** Of an imported set: what it takes on the disk, how it was read (the kind's name), and when (ISO 8601, UTC). */
  bytes: z.number().optional(),
  kind: z.string().optional(),
  importedAt: z.string().optional(),
  /** Mean and deviation of each channel, 0–1, that training uses in place of the training split's own, where the set brings them. */
  standardisation: z.object({ mean: z.array(z.number()), std: z.array(z.number()) }).optional(),
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
      /** Of each channel, over all pixels of the split: mean and population deviation, 0–1; of vectors each feature's, as it is. */
      mean: z.array(z.number()),
      std: z.array(z.number()),
    }),
  ),
  /** What was left out or taken for granted when it was imported. */
  remarks: z.array(z.string()),
  /** Of what and how it was made, where it was prepared of another set. */
  prepared: PreparedFrom.optional(),
})
export type DatasetDetail = z.infer<typeof DatasetDetail>

/** The data sets. */
export const datasetCalls = {
  'datasets.list': request(nothing, z.array(DatasetSummary)),
  'datasets.show': request(z.strictObject({ name: z.string().min(1).max(200) }), DatasetDetail),
  /** Takes an imported set out of the list; it is gone when this lab is closed, or ten minutes later. `datasets.restore` brings it back till then. */
  'datasets.delete': request(z.strictObject({ name: z.string().min(1).max(200) }), z.strictObject({})),
  /** Recognises a file, folder or archive by its content and brings it in: one by its path, or one that a person chose. */
  'datasets.import': job(
    z.strictObject({
      source: FilePath.optional(),
      chosen: ChosenSource.optional(),
      name: DatasetName.optional(),
      choices: ImportChoices.prefault({}),
    }),
    DatasetDetail,
  ),
  /** Reads all of an imported set again and holds it against the hash that it was given. */
  'datasets.verify': job(z.strictObject({ name: z.string().min(1).max(200) }), z.object({ hash: z.string() })),
  /**
   * Looks for copies, faults and likely label errors: all checks but the long ones, or those that are named. What is on record of the set as
   * it is is told at once, unless it shall be found out again.
   */
  'datasets.check': job(
    z.strictObject({
      name: z.string().min(1).max(200),
      only: z.array(CheckName).min(1).max(100).optional(),
      again: z.boolean().default(false),
    }),
    DatasetChecks,
  ),
  /** What is on record of a set's checks; null where there is nothing, or the set has changed. */
  'datasets.checks': request(
    z.strictObject({ name: z.string().min(1).max(200) }),
    z.strictObject({ checks: DatasetChecks.nullable() }),
  ),
  /** Writes a set as safetensors: `<split>/images` (or `<split>/vectors`) and `<split>/labels`, the classes as metadata. */
  'datasets.export': job(
    z.strictObject({ name: z.string().min(1).max(200), out: FilePath }),
    z.object({ path: z.string(), images: z.number().int() }),
  ),
} as const
