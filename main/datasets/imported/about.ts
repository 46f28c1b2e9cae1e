import { z } from 'zod'
import { DatasetName } from '../../../shared/datasets/names'
import { PreparedFrom } from '../../../shared/datasets/preparation'
import type { PackedPlan } from './packed-plan'

/** What lies beside an imported set's images, as `about.json`. */

export const ABOUT_VERSION = 1
export const ABOUT_FILE = 'about.json'
/** Images and labels of all splits, as safetensors: `<split>/images` U8 [N, H, W, C], or `<split>/vectors` F32 [N, F], and `<split>/labels` I32 [N]. */
export const IMAGES_FILE = 'images.safetensors'

export const ImportedSplit = z.object({
  name: z.string().min(1).max(100),
  images: z.number().int().min(0),
  /** Of each channel: how often each of the 256 levels stands in the split; of vectors, which have none, empty. */
  levels: z.array(z.array(z.number().min(0)).length(256)),
  /** Of each feature of its vectors: mean and population deviation. */
  moments: z.object({ mean: z.array(z.number()), std: z.array(z.number()) }).optional(),
  /** Images of each class. */
  classCounts: z.array(z.number().int().min(0)),
})
export type ImportedSplit = z.infer<typeof ImportedSplit>

export const About = z.object({
  format: z.literal('normlab/dataset'),
  version: z.literal(ABOUT_VERSION),
  name: DatasetName,
  /** Height, width, channels; of vectors 1, 1, features. */
  shape: z.tuple([z.number().int().min(1), z.number().int().min(1), z.number().int().min(1)]),
  /** Whether it holds vectors of floats. */
  vectors: z.literal(true).optional(),
  classes: z.array(z.string().max(500)).min(1),
  splits: z.array(ImportedSplit).min(1),
  /** SHA-256 over shape, classes, splits, images and labels, and its own standardisation where it has one, hexadecimal. */
  hash: z.string().regex(/^[0-9a-f]{64}$/),
  source: z.object({
    /** Where it came from: a path of this machine. */
    place: z.string(),
    /** The kind that read it, and what the user said of it. */
    kind: z.string(),
    choices: z.record(z.string(), z.unknown()),
  }),
  /** Mean and deviation of each channel, 0–1, that training is to use in place of the training split's own. */
  standardisation: z.object({ mean: z.array(z.number()), std: z.array(z.number()) }).optional(),
  /** Of which set and by which steps it was made, where it was prepared. */
  prepared: PreparedFrom.optional(),
  /** What was left out or taken for granted. */
  remarks: z.array(z.string()),
  /** ISO 8601, UTC. */
  importedAt: z.string(),
})
export type About = z.infer<typeof About>

export const planOf = ({ shape, vectors, classes, splits }: About): PackedPlan => ({
  ...{ shape, classes, splits },
  ...(vectors && { isVector: true }),
})
