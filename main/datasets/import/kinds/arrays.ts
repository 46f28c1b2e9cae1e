import type { ImportChoices } from '../../../../shared/datasets/import-choices'
import { UserError } from '../../../../shared/errors'
import { matchNpy, type NpyHead, NpyStream, readNpy } from '../../../formats/npy'
import type { FileTree, TreeEntry } from '../../../formats/trees'
import { type ArrayImages, arrayImages } from '../array-images'
import { baseName, type FoundSet, type ImportKind, placeOf, readWhole } from '../found'
import { labelsOf, numberedClasses } from '../labels'
import { splitOfFile, splitOrder } from '../splits'

interface Part {
  readonly split: string
  readonly images: ArrayImages
  readonly labels: Int32Array
  /** The files of both. */
  readonly paths: readonly [string, string]
}

/** numpy's arrays of images and labels: an .npz, or a folder of .npy. */
export const arrayFiles: ImportKind = {
  name: 'arrays',
  title: 'numpy arrays, .npz or .npy',
  asks: ['layout', 'scale'],
  match: (tree) => npyEntries(tree).length > 0,
  beside: ({ entries, beside }) => {
    const own = entries[0]!.path
    return (beside?.names() ?? []).filter((name) => /\.npy$/i.test(name) && stem(name) === stem(own))
  },
  async open(tree, choices) {
    const parts = await readParts(tree, choices)
    const { classes, first, remarks } = numberedClasses(parts.map(({ labels }) => labels))
    const { shape } = parts[0]!.images
    const other = parts.find(({ images }) => images.shape.join() !== shape.join())
    if (other)
      throw new UserError(
        `images of ${other.split} are ${other.images.shape.join('×')}, those of ${parts[0]!.split} ${shape.join('×')}`,
        { place: tree.place },
      )
    const taken = new Set(parts.flatMap(({ paths }) => paths))
    return {
      format: this.name,
      classes,
      shape,
      splits: parts.map(({ split, labels }) => ({ name: split, images: labels.length })),
      remarks: [...new Set([...parts.flatMap(({ images }) => images.remarks), ...remarks])],
      takes: (path) => taken.has(path),
      images: () => images(parts, first),
    } satisfies FoundSet
  },
}

function npyEntries(tree: FileTree): TreeEntry[] {
  return tree.entries.filter(({ head }) => matchNpy(head))
}

/** What the names of a pair have in common: `x_train.npy` and `y_train.npy`. */
function stem(name: string): string {
  return baseName(name)
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => !/^(x|y|images?|labels?|data|targets?|npy)$/.test(word))
    .join(' ')
}

interface Described {
  readonly entry: TreeEntry
  readonly head: NpyHead
  readonly split: string | undefined
}

async function describe(tree: FileTree, entry: TreeEntry): Promise<Described> {
  const stream = await NpyStream.open(tree.stream(entry.path), entry.bytes, placeOf(tree, entry.path))
  await stream.close()
  return { entry, head: stream.head, split: splitOfFile(entry.path.replace(/\.npy$/, '')) }
}

async function readParts(tree: FileTree, choices: ImportChoices): Promise<Part[]> {
  const arrays: Described[] = []
  for (const entry of npyEntries(tree)) arrays.push(await describe(tree, entry))
  const rank = ({ head }: Described): number => head.shape.length
  const ofImages = arrays.filter((array) => rank(array) >= 3)
  const ofLabels = arrays.filter((array) => rank(array) === 1 || rank(array) === 2)
  if (ofImages.length === 0) refuseVectors(arrays, tree.place)
  if (ofImages.length === 0)
    throw new UserError(
      `none of its arrays is of images: ${arrays
        .map(({ entry, head }) => `${baseName(entry.path)} is ${head.shape.join('×') || 'a number'}`)
        .slice(0, 6)
        .join(', ')}`,
      { place: tree.place, remedy: 'images are N×H×W, N×H×W×C or N×C×H×W' },
    )
  const parts: Part[] = []
  for (const { entry, head, split } of ofImages) {
    const place = placeOf(tree, entry.path)
    const partner =
      ofLabels.find((array) => array.split === split) ??
      (ofImages.length === 1 && ofLabels.length === 1 ? ofLabels[0] : undefined)
    if (!partner)
      throw new UserError('there are no labels for these images', {
        place,
        remedy: 'save them beside, as y_train beside x_train',
      })
    const { path } = partner.entry
    const labels = labelsOf(readNpy(await readWhole(tree, path), placeOf(tree, path)), placeOf(tree, path))
    if (labels.length !== head.shape[0])
      throw new UserError(`there are ${head.shape[0]} images and ${labels.length} labels`, { place })
    const images = await arrayImages(tree, entry, head, choices)
    parts.push({ split: split ?? 'train', images, labels, paths: [entry.path, path] })
  }
  const twice = parts.find(({ split }, i) => parts.findIndex((part) => part.split === split) !== i)
  if (twice) throw new UserError(`two arrays of images are of the split ${twice.split}`, { place: tree.place })
  return parts.length === 1 ? [{ ...parts[0]!, split: 'train' }] : parts.sort((a, b) => splitOrder(a.split, b.split))
}

/** @throws UserError where one of the arrays is of vectors. */
function refuseVectors(arrays: readonly Described[], place: string): void {
  const found = arrays.find(({ head }) => head.shape.length === 2 && head.layout.type.startsWith('float') && head.shape[1]! > 1)
  if (found)
    throw new UserError(
      `${baseName(found.entry.path)} is ${found.head.shape.join('×')}: vectors, and images alone are brought in`,
      {
        place,
        remedy: 'save each vector as an image of one row, N×1×F, of bytes; or make a set of vectors: normlab datasets create',
      },
    )
}

async function* images(parts: readonly Part[], first: number): ReturnType<FoundSet['images']> {
  for (const [split, { images, labels }] of parts.entries()) {
    let index = 0
    for await (const pixels of images.images()) {
      yield { split, index, label: labels[index]! - first, pixels }
      index++
    }
  }
}
