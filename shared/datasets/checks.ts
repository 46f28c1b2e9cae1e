import { z } from 'zod'
import { SplitName } from './names'

/** What a check of a data set is, for people. */
export interface CheckKind<N extends string = string> {
  readonly name: N
  /** `Exact copies` */
  readonly label: string
  /** What it finds: a sentence without its full stop. */
  readonly says: string
  /** What it cannot see, and what it may take for something else. */
  readonly limits: string
  /** Where the method comes from. */
  readonly source: string
  /** Made only where it is asked for by name. */
  readonly isLong?: true
}

const kind = <const N extends string>(declared: CheckKind<N>): CheckKind<N> => declared

/** Every check, in the order in which they are told. Each has a file of this name in main/datasets/checks. */
export const checkKinds = [
  kind({
    name: 'exact-copies',
    label: 'Exact copies',
    says: 'Images whose pixels are the same, byte for byte, within a split or across splits; vectors whose features are',
    limits: 'None: what it tells is so.',
    source: 'SHA-256 of the bytes, and then the bytes',
  }),
  kind({
    name: 'near-copies',
    label: 'Near copies',
    says: 'Images that are the same but for mirroring, turning, a pixel’s shift, brightness, contrast or compression',
    limits:
      'Not seen: copies that are cropped, enlarged or turned by other angles, in other colours, or inverted. Where pictures look alike as such, as digits and simple drawings do, near copies are listed but not judged.',
    source:
      'Signs of the cosine transform’s low frequencies (Zauner 2010), looked up by multi-probe hashing (Lv et al. 2007), then correlation of pixels and of their detail',
  }),
  kind({
    name: 'two-labels',
    label: 'Two labels',
    says: 'Copies that bear another label than the image that they are a copy of: at most one of both is right',
    limits: 'Those of exact and near copies; which of the labels is right is not said.',
    source: 'Exact and near copies',
  }),
  kind({
    name: 'unreadable',
    label: 'Left out',
    says: 'Files that were left out when the set was imported: damaged, of another size, or of no known kind',
    limits: 'What the import told; a set that was not imported from files has none.',
    source: 'The import’s remarks',
  }),
  kind({
    name: 'plain',
    label: 'Single-coloured',
    says: 'Images of one colour: no channel has levels more than 3 apart',
    limits: 'A plain image may be meant, as a class “nothing”.',
    source: 'As CleanVision’s “low information”, by a plainer measure',
  }),
  kind({
    name: 'dark',
    label: 'Dark',
    says: 'Images in which 99 of 100 pixels are darker than a quarter of white',
    limits: 'Night scenes are dark and may be right. The bound is ours.',
    source: 'Percentile of brightness, as in CleanVision',
  }),
  kind({
    name: 'blurred',
    label: 'Blurred',
    says: 'Images with far less fine detail than the set’s others: the logarithm of their Laplacian’s variance is 3.5 robust deviations below the median',
    limits:
      'It measures detail, of photographs and line drawings alike, against the set’s own images. Smooth subjects, such as a bird in the sky or a digit of one plain stroke, look like blurred ones; a set that is blurred as a whole has none that stand out.',
    source: 'Variance of the Laplacian (Pech-Pacheco et al. 2000); outliers by median and MAD (Iglewicz and Hoaglin 1993)',
  }),
  kind({
    name: 'classes',
    label: 'Classes',
    says: 'Classes without an image in a split, or with fewer than a tenth of what the split’s classes have in the median',
    limits: 'A long tail may be meant.',
    source: 'Counts of labels',
  }),
  kind({
    name: 'label-errors',
    label: 'Label errors',
    says: 'Images that nets which have not seen them are confident are of another class than their label says',
    limits:
      'It trains four small nets and takes minutes. Hard images are taken for wrong ones, all the more where the nets are poor; wrong labels that follow a rule are learned and not seen, nor are those that a copy in another fold confirms.',
    source:
      'Confident learning (Northcutt, Jiang and Chuang 2021), held-out predictions by four folds, ranked by normalised margin',
    isLong: true,
  }),
] as const

export type CheckName = (typeof checkKinds)[number]['name']
export const checkNames = checkKinds.map(({ name }) => name) as [CheckName, ...CheckName[]]
export const CheckName = z.enum(checkNames)
/** Those that are made unless others are asked for. */
export const usualChecks: readonly CheckName[] = checkKinds.filter((one: CheckKind) => !one.isLong).map(({ name }) => name)

/** An image of a set. */
export const ImageRef = z.object({
  split: SplitName,
  /** Its place in the split, from 0. */
  index: z.number().int().min(0),
  /** Its class, an index into the set's. */
  label: z.number().int().min(0),
})
export type ImageRef = z.infer<typeof ImageRef>

/** An image that a check found. */
export const FoundImage = ImageRef.extend({
  /** What was measured, in the check's own unit. */
  value: z.number(),
  /** The class that it is likely of, where the check says so. */
  likely: z.number().int().min(0).optional(),
})
export type FoundImage = z.infer<typeof FoundImage>

/** Two images that are copies; `a` comes before `b` in the order of the set's splits and of their images. */
export const FoundPair = z.object({
  a: ImageRef,
  b: ImageRef,
  /** How b lies against a: `as it is`, `mirrored`, …, one of `turnWords`. */
  turn: z.string(),
  /** Correlation of their pixels, and of their detail; 1 for exact copies. */
  likeness: z.number(),
  detail: z.number(),
})
export type FoundPair = z.infer<typeof FoundPair>

/** How many pairs lie between two splits, or within one. */
const PairCount = z.object({ a: SplitName, b: SplitName, pairs: z.number().int() })

export const Finding = z.object({
  check: CheckName,
  /** How many images, pairs, files or classes it found. */
  count: z.number().int(),
  /** What it comes to. */
  sentence: z.string(),
  /** The most telling first, of at most 10,000. */
  images: z.array(FoundImage),
  /** In the order of the set, of at most 100,000. */
  pairs: z.array(FoundPair),
  counts: z.array(PairCount),
})
export type Finding = z.infer<typeof Finding>

/** Which images to leave out so that no copy lies across splits: what the step `leave-out` of a preparation takes. */
export const Repair = z.object({
  rule: z.string(),
  images: z.record(SplitName, z.array(z.number().int().min(0))),
  count: z.number().int(),
})
export type Repair = z.infer<typeof Repair>

/** What the checks of a set came to. */
export const DatasetChecks = z.object({
  name: z.string(),
  /** Of the set that was checked. */
  hash: z.string(),
  /** ISO 8601, UTC. */
  checkedAt: z.string(),
  classes: z.array(z.string()),
  splits: z.array(z.object({ name: SplitName, images: z.number().int() })),
  /** What they come to for whoever trains on the set, a sentence or two. */
  verdict: z.string(),
  findings: z.array(Finding),
  /** Null where there is nothing to leave out, or copies were not looked for. */
  repair: Repair.nullable(),
  /**
   * Of each other split, the places in it, in order, of the images that have a copy in `train`; null where copies were not looked for.
   */
  copied: z.record(SplitName, z.array(z.number().int().min(0))).nullable(),
})
export type DatasetChecks = z.infer<typeof DatasetChecks>
