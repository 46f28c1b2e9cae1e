import type { ImportChoices } from '../../../shared/datasets/import-choices'
import { chooseBy } from '../../../shared/datasets/import-questions'
import { UserError } from '../../../shared/errors'
import { asDoubles, elementBytes, type FileArray } from '../../formats/array'
import { type NpyHead, NpyStream, readNpy } from '../../formats/npy'
import type { FileTree, TreeEntry } from '../../formats/trees'
import { placeOf, readWhole } from './found'
import { interleaved } from './planes'

/** Images out of one of numpy's arrays, as bytes, row by row. */
export interface ArrayImages {
  /** Height, width, channels. */
  readonly shape: readonly [number, number, number]
  readonly count: number
  /** What was taken for granted, a sentence each. */
  readonly remarks: readonly string[]
  /** All of them, in their order; the array is gone through once more. */
  images(): AsyncIterable<Uint8Array>
}

/** Elements that are in memory at a time. */
const BLOCK_BYTES = 2 ** 20

/**
 * An array's images. What its elements are is found out by going through it once; nothing of it is kept in memory but a block, except of
 * one whose first index runs fastest (Fortran order), which is read whole.
 *
 * @throws UserError where it cannot be images, or its values are no shares of white and no bytes.
 */
export async function arrayImages(tree: FileTree, entry: TreeEntry, head: NpyHead, choices: ImportChoices): Promise<ArrayImages> {
  const place = placeOf(tree, entry.path)
  const layout = layoutOf(head.shape, choices.layout, place)
  const [count = 0, a = 0, b = 0, c = 1] = head.shape
  const shape = layout === 'nchw' ? ([b, c, a] as const) : ([a, b, c] as const)
  const remarks: string[] = []
  if (head.shape.length === 4)
    remarks.push(layout === 'nchw' ? 'channels come before rows (N×C×H×W)' : 'channels come last (N×H×W×C)')
  const toBytes = await byteRule(tree, entry, head, choices.scale, remarks)
  const length = shape[0] * shape[1] * shape[2]
  if (length === 0) throw new UserError(`images of shape ${head.shape.join('×')} have no pixels`, { place })
  return {
    shape,
    count,
    remarks,
    images: async function* () {
      for await (const { array } of blocks(tree, entry, head)) {
        const bytes = toBytes(array)
        for (let at = 0; at < bytes.length; at += length) {
          const own = bytes.subarray(at, at + length)
          yield layout === 'nchw' ? interleaved(own, shape[0], shape[1], shape[2]) : own
        }
      }
    },
  }
}

interface Block {
  /** The first image in it. */
  readonly first: number
  readonly array: FileArray
}

/** The array from front to back, some images at a time. */
async function* blocks(tree: FileTree, entry: TreeEntry, head: NpyHead): AsyncGenerator<Block> {
  const place = placeOf(tree, entry.path)
  if (head.fortran) {
    yield { first: 0, array: readNpy(await readWhole(tree, entry.path), place) }
    return
  }
  const [count = 0, ...rest] = head.shape
  const imageBytes = rest.reduce((product, side) => product * side, elementBytes(head.layout))
  const together = Math.max(1, Math.floor(BLOCK_BYTES / Math.max(1, imageBytes)))
  const stream = await NpyStream.open(tree.stream(entry.path), entry.bytes, place)
  try {
    for (let first = 0; first < count; first += together)
      yield { first, array: await stream.take(Math.min(together, count - first)) }
  } finally {
    await stream.close()
  }
}

/** Where one or three stand for channels; where that can be read in two ways the user says. */
function layoutOf(shape: readonly number[], chosen: ImportChoices['layout'], place: string): 'nhwc' | 'nchw' {
  if (shape.length === 3) return 'nhwc'
  const isChannels = (side: number | undefined): boolean => side === 1 || side === 3
  const [, second, , last] = shape
  const word = shape.join('×')
  if (shape.length !== 4 || (!isChannels(second) && !isChannels(last)))
    throw new UserError(`images of shape ${word} have neither one nor three channels`, {
      place,
      remedy: 'images are N×H×W, N×H×W×C or N×C×H×W',
    })
  if (chosen) {
    if (!isChannels(chosen === 'nhwc' ? last : second))
      throw new UserError(`images of shape ${word} cannot be ${chosen}`, { place })
    return chosen
  }
  if (isChannels(second) && isChannels(last))
    throw new UserError(`the shape ${word} can be N×H×W×C and N×C×H×W alike`, {
      place,
      remedy: chooseBy('layout'),
    })
  return isChannels(last) ? 'nhwc' : 'nchw'
}

/** How any numbers become 0–255. Whole numbers are taken as they are; fractions of at most 1 as shares of white, and so are truth values. */
async function byteRule(
  tree: FileTree,
  entry: TreeEntry,
  head: NpyHead,
  scale: ImportChoices['scale'],
  remarks: string[],
): Promise<(array: FileArray) => Uint8Array> {
  if (head.layout.type === 'uint8' && scale !== '1') return ({ data }) => data as Uint8Array
  const place = placeOf(tree, entry.path)
  let most = 0
  for await (const { first, array } of blocks(tree, entry, head)) most = Math.max(most, greatest(array, first, head, place))
  const { type } = head.layout
  const isShare = scale === undefined ? type === 'bool' || (type.startsWith('float') && most <= 1) : scale === '1'
  if (isShare && most > 1)
    throw new UserError(`its greatest value is ${most}, so white is not 1`, { place, remedy: chooseBy('scale', ['255']) })
  remarks.push(
    isShare
      ? `its values are shares of white, 0–1, times 255 and rounded (greatest ${most})`
      : `its values are taken as 0–255 (greatest ${most})`,
  )
  return (array) => Uint8Array.from(asDoubles(array, place), (value) => Math.round(isShare ? value * 255 : value))
}

/** @throws UserError where a value is outside of 0–255, with the image and the place in it. */
function greatest(array: FileArray, first: number, { shape }: NpyHead, place: string): number {
  const values = asDoubles(array, place)
  let most = 0
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!
    if (!(value >= 0 && value <= 255)) {
      const [image, ...inner] = indexOf(i, shape)
      throw new UserError(
        `the value of image ${first + image!} at [${inner.join(', ')}] is ${Number.isNaN(value) ? 'not a number' : value}, outside of 0–255`,
        { place, remedy: 'scale the images to 0–1 or 0–255' },
      )
    }
    if (value > most) most = value
  }
  return most
}

/** The indices of an element, in the array's own axes. */
function indexOf(flat: number, shape: readonly number[]): number[] {
  const index: number[] = []
  let rest = flat
  for (let axis = shape.length - 1; axis > 0; axis--) {
    index.unshift(rest % shape[axis]!)
    rest = Math.floor(rest / shape[axis]!)
  }
  return [rest, ...index]
}
