import { UserError } from '../../../../shared/errors'
import type { FileArray } from '../../../formats/array'
import { gunzip, gunzipStart, isGzip } from '../../../formats/gzip'
import { idxLength, matchIdx, readIdx } from '../../../formats/idx'
import type { FileTree, TreeEntry } from '../../../formats/trees'
import { baseName, type FoundSet, type ImportKind, placeOf, readWhole } from '../found'
import { labelsOf, numberedClasses } from '../labels'
import { splitOfFile, splitOrder } from '../splits'

interface Pair {
  readonly split: string
  readonly images: FileArray
  readonly labels: Int32Array
  readonly place: string
  /** The files of both. */
  readonly paths: readonly [string, string]
}

/** MNIST's family: pairs of files of images and labels (LeCun's IDX), packed by gzip or not. */
export const idxFiles: ImportKind = {
  name: 'idx',
  title: 'IDX, as MNIST, Fashion-MNIST, EMNIST, KMNIST and QMNIST',
  asks: ['transpose'],
  match: (tree) => idxEntries(tree).length > 0,
  beside: ({ entries, beside }) => {
    const own = entries[0]!.path
    const partners = (beside?.names() ?? []).filter((name) => key(name) === key(own) && isOfLabels(name) !== isOfLabels(own))
    // Of one that lies there packed and unpacked, the one that is as this is.
    const alike = partners.find((name) => /\.gz$/i.test(name) === /\.gz$/i.test(own))
    return alike === undefined ? partners.slice(0, 1) : [alike]
  },
  async open(tree, choices) {
    const remarks: string[] = []
    const pairs = await readPairs(tree, remarks)
    const { classes, first, remarks: told } = numberedClasses(pairs.map(({ labels }) => labels))
    remarks.push(...told)
    const taken = new Set(pairs.flatMap(({ paths }) => paths))
    const isTransposed = choices.transpose ?? isEmnist(tree)
    if (isTransposed) remarks.push('images were stored column by column and are turned to rows')
    const shape = commonShape(pairs, isTransposed)
    return {
      format: this.name,
      classes,
      shape,
      splits: pairs.map(({ split, labels }) => ({ name: split, images: labels.length })),
      remarks,
      takes: (path) => taken.has(path),
      images: () => images(pairs, first, isTransposed),
    } satisfies FoundSet
  },
}

function idxEntries(tree: FileTree): TreeEntry[] {
  return tree.entries.filter(({ head }) => matchIdx(isGzip(head) ? gunzipStart(head) : head))
}

/** EMNIST's files are named so, and all of them are stored column by column. */
function isEmnist(tree: FileTree): boolean {
  return tree.entries.some(({ path }) => /emnist/i.test(baseName(path))) || /emnist/i.test(baseName(tree.place))
}

async function readPairs(tree: FileTree, remarks: string[]): Promise<Pair[]> {
  const entries = idxEntries(tree)
  const arrays = new Map<string, FileArray>()
  for (const { path } of entries) {
    const bytes = await readWhole(tree, path)
    const place = placeOf(tree, path)
    arrays.set(path, readIdx(isGzip(bytes) ? unpacked(bytes, place) : bytes, place))
  }
  const images = entries.filter(({ path }) => arrays.get(path)!.shape.length >= 3)
  const labels = entries.filter((entry) => !images.includes(entry))
  if (images.length === 0)
    throw new UserError('this is a file of labels, and no file of its images lies beside it', {
      place: tree.place,
      remedy: 'put both into one folder, named alike, …-images-… and …-labels-…',
    })
  const pairs = images.map(({ path }) => {
    const partner =
      labels.find((entry) => key(entry.path) === key(path)) ??
      (images.length === 1 && labels.length === 1 ? labels[0] : undefined)
    if (!partner)
      throw new UserError('there is no file of labels for these images', {
        place: placeOf(tree, path),
        remedy: 'put both into one folder, named alike, …-images-… and …-labels-…',
      })
    return pairOf(tree, path, arrays.get(path)!, partner.path, arrays.get(partner.path)!, remarks)
  })
  pairs.sort((a, b) => splitOrder(a.split, b.split))
  const isAlone = pairs.length === 1
  if (isAlone && pairs[0]!.split !== 'train')
    remarks.push(`there is one split only, and it is named train (its files say ${pairs[0]!.split})`)
  return isAlone ? [{ ...pairs[0]!, split: 'train' }] : merged(pairs, tree)
}

/** Of a packed file that holds its header. */
const START_BYTES = 4096

/** Goes by the length that its header says, where it can be read: a small file may unpack to much. */
function unpacked(bytes: Uint8Array, place: string): Uint8Array {
  const head = gunzipStart(bytes.subarray(0, START_BYTES))
  return gunzip(bytes, place, matchIdx(head) ? idxLength(head, place) : undefined)
}

/** What a pair's names have in common. */
function key(path: string): string {
  return path
    .toLowerCase()
    .replace(/\.gz$/, '')
    .replace(/images?|labels?|idx\d|ubyte|int|float|[^a-z0-9/]/g, '')
}

function isOfLabels(path: string): boolean {
  return /label/i.test(baseName(path))
}

function pairOf(
  tree: FileTree,
  imagesPath: string,
  images: FileArray,
  labelsPath: string,
  labels: FileArray,
  remarks: string[],
): Pair {
  const place = placeOf(tree, imagesPath)
  if (images.type !== 'uint8')
    throw new UserError(`its images are ${images.type}, expected are uint8`, {
      place,
      remedy: 'scale them to 0–255 and save them as bytes',
    })
  const first = firstColumn(labels)
  if (first !== labels)
    remarks.push(`${baseName(labelsPath)} has ${labels.shape[1]} columns; the first is taken for the class, as QMNIST has it`)
  if (first.shape[0] !== images.shape[0])
    throw new UserError(`there are ${images.shape[0]} images and ${first.shape[0]} labels`, { place })
  const labelled = labelsOf(first, placeOf(tree, labelsPath))
  return { split: splitOfFile(imagesPath) ?? 'train', images, labels: labelled, place, paths: [imagesPath, labelsPath] }
}

/** QMNIST's labels are rows of eight numbers; the class comes first. */
function firstColumn(labels: FileArray): FileArray {
  const [count = 0, width = 1] = labels.shape
  if (labels.shape.length !== 2 || width === 1) return labels
  const data = Int32Array.from({ length: count }, (_, i) => Number(labels.data[i * width]))
  return { shape: [count], type: 'int32', data }
}

/** @throws UserError where two pairs are of one split. */
function merged(pairs: readonly Pair[], tree: FileTree): Pair[] {
  const twice = pairs.find(({ split }, i) => pairs.findIndex((other) => other.split === split) !== i)
  if (twice)
    throw new UserError(`two pairs of files are of the split ${twice.split}`, {
      place: tree.place,
      remedy: 'import a folder that holds one set alone',
    })
  return [...pairs]
}

function commonShape(pairs: readonly Pair[], isTransposed: boolean): [number, number, number] {
  const shapes = pairs.map(({ images, place }): [number, number, number] => {
    const [, rows = 0, columns = 0, channels = 1] = images.shape
    if (images.shape.length > 4 || (channels !== 1 && channels !== 3))
      throw new UserError(`images of shape ${images.shape.slice(1).join('×')} are neither grey nor of three channels`, { place })
    return isTransposed ? [columns, rows, channels] : [rows, columns, channels]
  })
  const other = shapes.findIndex((shape) => shape.join() !== shapes[0]!.join())
  if (other >= 0)
    throw new UserError(`its images are ${shapes[other]!.join('×')}, those of ${pairs[0]!.split} are ${shapes[0]!.join('×')}`, {
      place: pairs[other]!.place,
    })
  return shapes[0]!
}

async function* images(pairs: readonly Pair[], first: number, isTransposed: boolean): ReturnType<FoundSet['images']> {
  for (const [split, { images, labels }] of pairs.entries()) {
    const [, rows = 0, columns = 0, channels = 1] = images.shape
    const length = rows * columns * channels
    for (let index = 0; index < labels.length; index++) {
      const stored = (images.data as Uint8Array).subarray(index * length, (index + 1) * length)
      yield {
        split,
        index,
        label: labels[index]! - first,
        pixels: isTransposed ? transposed(stored, rows, columns, channels) : stored,
      }
    }
  }
}

function transposed(pixels: Uint8Array, rows: number, columns: number, channels: number): Uint8Array {
  const result = new Uint8Array(pixels.length)
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++)
      for (let c = 0; c < channels; c++)
        result[(column * rows + row) * channels + c] = pixels[(row * columns + column) * channels + c]!
  return result
}
