import { z } from 'zod'
import { Configuration, Training } from '../configuration'
import { ChosenSource, ImportChoices } from '../datasets/import-choices'
import { DatasetName } from '../datasets/names'
import { FilePath } from '../file-path'
import { job, nothing, request } from './kinds'

/** Images and bytes of one answer at most. */
const MOST_IMAGES = 2048
export const MOST_IMAGE_BYTES = 2 ** 25
/** Vectors of one answer at most, and features of each. */
const MOST_VECTORS = 50_000
const MOST_FEATURES = 64

const Name = z.string().min(1).max(200)
const SplitName = z.string().min(1).max(100)
const Index = z
  .number()
  .int()
  .min(0)
  .max(2 ** 31)
const Bytes = z.custom<Uint8Array>((value) => value instanceof Uint8Array, 'must be bytes')

/** Images of one size, 0–255, one behind the other: [images, height, width, channels]. */
const Images = z.object({ height: z.number().int(), width: z.number().int(), channels: z.number().int(), pixels: Bytes })
export type PackedImages = z.infer<typeof Images>

/** One of a source's pictures, and where it would go. */
const FoundPicture = z.object({
  split: z.string(),
  /** Its class's name. */
  label: z.string(),
  height: z.number().int(),
  width: z.number().int(),
  channels: z.number().int(),
  pixels: Bytes,
})

/** What a source is taken for, before anything of it is brought in. */
export const Recognised = z.object({
  /** The last part of its path. */
  place: z.string(),
  /** A name for the set that no other has. */
  name: z.string(),
  /** The kind, and all there are, each with the questions that a person may answer. */
  kind: z.string().nullable(),
  kinds: z.array(z.object({ name: z.string(), title: z.string(), asks: z.array(z.string()) })),
  /** Why it cannot be brought in as it is asked for, a sentence; null where it can. */
  problem: z.string().nullable(),
  /** Null where there is a problem. */
  found: z
    .object({
      classes: z.array(z.string()),
      /** Height, width, channels. */
      shape: z.array(z.number().int()).nullable(),
      splits: z.array(z.object({ name: z.string(), images: z.number().int() })),
      /** What is left out or taken for granted. */
      remarks: z.array(z.string()),
      pictures: z.array(FoundPicture),
    })
    .nullable(),
})
export type Recognised = z.infer<typeof Recognised>

/** Of one split: what its pixels are like. */
export const SplitLook = z.object({
  name: SplitName,
  images: z.number().int(),
  /** Of each channel: how often each of the 256 levels stands in the split. */
  levels: z.array(z.array(z.number())),
  /** The mean of all images, [height, width, channels], 0–255. */
  mean: Bytes,
})
export type SplitLook = z.infer<typeof SplitLook>

export const DatasetLook = z.object({
  height: z.number().int(),
  width: z.number().int(),
  channels: z.number().int(),
  splits: z.array(SplitLook),
})
export type DatasetLook = z.infer<typeof DatasetLook>

/** What something was chosen for: to be read, as a backup to be written, or as a data folder. */
export const ChosenFor = z.enum(['source', 'new-backup', 'data-folder'])

/** Looking at data sets: what a source would come to, and what is in a set. */
export const datasetLookCalls = {
  /**
   * Gives a word for a source that a person chose: files of one folder, a folder or an archive. With `temporary` the folder around it
   * goes with the word.
   */
  'datasets.choose': request(
    z.strictObject({
      files: z.array(FilePath).min(1).max(1000),
      temporary: z.boolean().default(false),
      purpose: ChosenFor.default('source'),
    }),
    z.object({ chosen: ChosenSource, name: z.string() }),
  ),
  /** Lets go of what was chosen. */
  'datasets.unchoose': request(z.strictObject({ chosen: ChosenSource }), nothing),
  /** What a source is taken for, with its first pictures; nothing is written. */
  'datasets.recognise': job(
    z.strictObject({
      source: FilePath.optional(),
      chosen: ChosenSource.optional(),
      name: DatasetName.optional(),
      choices: ImportChoices.prefault({}),
    }),
    Recognised,
  ),
  /** Brings back a set that was deleted in this lab a moment ago. */
  'datasets.restore': request(z.strictObject({ name: Name }), nothing),
  /** The class of each image of a split, an index into the classes. */
  'datasets.labels': request(
    z.strictObject({ name: Name, split: SplitName }),
    z.object({
      labels: z.custom<Int32Array>((value) => value instanceof Int32Array, 'must be whole numbers'),
      /** Tells whether the set is still the same. */
      hash: z.string().optional(),
    }),
  ),
  /**
   * Images of a split by their indices. With `side` those that are larger come smaller by a whole factor, each value the mean of what
   * it stands for.
   */
  'datasets.images': request(
    z.strictObject({
      name: Name,
      split: SplitName,
      indices: z.array(Index).min(1).max(MOST_IMAGES),
      side: z.number().int().min(1).max(4096).optional(),
    }),
    Images,
  ),
  /**
   * Some features of a split's vectors, [vectors, features]: from `first` on every so many, at most `count`, or as many as there are.
   */
  'datasets.vectors': request(
    z.strictObject({
      name: Name,
      split: SplitName,
      first: Index.default(0),
      every: Index.min(1).default(1),
      count: z.number().int().min(1).max(MOST_VECTORS),
      features: z.array(Index).min(1).max(MOST_FEATURES),
    }),
    z.object({ values: z.custom<Float32Array>((value) => value instanceof Float32Array, 'must be floats') }),
  ),
  /**
   * What training will see of an image: as it stands there, first of its batch, in so many steps from 1 on of a run of that seed.
   */
  'datasets.augmented': request(
    z.strictObject({
      name: Name,
      split: SplitName,
      index: Index,
      augmentation: Training.shape.augmentation,
      seed: Configuration.shape.seed,
      draws: z.number().int().min(1).max(64),
    }),
    Images,
  ),
  /** Goes through all pixels of a set, once: the answer is kept beside it. */
  'datasets.look': job(z.strictObject({ name: Name }), DatasetLook),
} as const
