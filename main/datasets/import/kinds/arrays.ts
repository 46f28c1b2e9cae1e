import { countWords } from '../../../../shared/count-words'
import type { ImportChoices } from '../../../../shared/datasets/import-choices'
import { UserError } from '../../../../shared/errors'
import { asDoubles, type FileArray } from '../../../formats/array'
import { matchNpy, readNpy } from '../../../formats/npy'
import type { FileTree, TreeEntry } from '../../../formats/trees'
import { baseName, type FoundSet, type ImportKind, placeOf, readWhole } from '../found'
import { labelsOf, numberedClasses } from '../labels'
import { interleaved } from '../planes'
import { splitOfFile, splitOrder } from '../splits'

interface Part {
  readonly split: string
  readonly images: Images
  readonly labels: Int32Array
}

/** Images as bytes, row by row. */
interface Images {
  /** Height, width, channels. */
  readonly shape: readonly [number, number, number]
  readonly count: number
  image(index: number): Uint8Array
}

/** numpy's arrays of images and labels: an .npz, or a folder of .npy. */
export const arrayFiles: ImportKind = {
  name: 'arrays',
  title: 'numpy arrays, .npz or .npy',
  asks: ['layout', 'scale'],
  match: (tree) => npyEntries(tree).length > 0,
  async open(tree, choices) {
    const remarks: string[] = []
    const parts = await readParts(tree, choices, remarks)
    const { classes, first, empty } = numberedClasses(parts.map(({ labels }) => labels))
    if (first > 0) remarks.push(`labels begin at ${first}; the classes are named ${classes[0]} to ${classes[classes.length - 1]}`)
    if (empty.length > 0) remarks.push(`${countWords(empty.length, 'class')} without an image: ${empty.slice(0, 10).join(', ')}`)
    const { shape } = parts[0]!.images
    const other = parts.find(({ images }) => images.shape.join() !== shape.join())
    if (other)
      throw new UserError(
        `images of ${other.split} are ${other.images.shape.join('×')}, those of ${parts[0]!.split} ${shape.join('×')}`,
        { place: tree.place },
      )
    return {
      format: this.name,
      classes,
      shape,
      splits: parts.map(({ split, labels }) => ({ name: split, images: labels.length })),
      remarks: [...new Set(remarks)],
      images: () => images(parts, first),
    } satisfies FoundSet
  },
}

function npyEntries(tree: FileTree): TreeEntry[] {
  return tree.entries.filter(({ head }) => matchNpy(head))
}

async function readParts(tree: FileTree, choices: ImportChoices, remarks: string[]): Promise<Part[]> {
  const arrays = new Map<string, FileArray>()
  for (const { path } of npyEntries(tree)) arrays.set(path, readNpy(await readWhole(tree, path), placeOf(tree, path)))
  const entries = [...arrays].map(([path, array]) => ({ path, array, split: splitOfFile(path.replace(/\.npy$/, '')) }))
  const ofImages = entries.filter(({ array }) => array.shape.length >= 3)
  const ofLabels = entries.filter(({ array }) => array.shape.length === 1 || array.shape.length === 2)
  if (ofImages.length === 0)
    throw new UserError(
      `none of its arrays is of images: ${entries
        .map(({ path, array }) => `${baseName(path)} is ${array.shape.join('×') || 'a number'}`)
        .slice(0, 6)
        .join(', ')}`,
      {
        place: tree.place,
        remedy: 'images are N×H×W, N×H×W×C or N×C×H×W',
      },
    )
  const parts = ofImages.map(({ path, array, split }): Part => {
    const partner =
      ofLabels.find((entry) => entry.split === split) ??
      (ofImages.length === 1 && ofLabels.length === 1 ? ofLabels[0] : undefined)
    if (!partner)
      throw new UserError('there are no labels for these images', {
        place: placeOf(tree, path),
        remedy: 'save them beside, as y_train beside x_train',
      })
    const place = placeOf(tree, path)
    const images = asImages(array, choices, place, remarks)
    const labels = labelsOf(partner.array, placeOf(tree, partner.path))
    if (labels.length !== images.count)
      throw new UserError(`there are ${images.count} images and ${labels.length} labels`, { place })
    return { split: split ?? 'train', images, labels }
  })
  const twice = parts.find(({ split }, i) => parts.findIndex((part) => part.split === split) !== i)
  if (twice) throw new UserError(`two arrays of images are of the split ${twice.split}`, { place: tree.place })
  return parts.length === 1 ? [{ ...parts[0]!, split: 'train' }] : parts.sort((a, b) => splitOrder(a.split, b.split))
}

function asImages(array: FileArray, choices: ImportChoices, place: string, remarks: string[]): Images {
  const layout = layoutOf(array.shape, choices.layout, place)
  const [count = 0, a = 0, b = 0, c = 1] = array.shape
  const shape = layout === 'nchw' ? ([b, c, a] as const) : ([a, b, c] as const)
  if (array.shape.length === 4)
    remarks.push(layout === 'nchw' ? 'channels come before rows (N×C×H×W)' : 'channels come last (N×H×W×C)')
  const bytes = asBytes(array, choices.scale, place, remarks)
  const length = shape[0] * shape[1] * shape[2]
  return {
    shape,
    count,
    image(index) {
      const own = bytes.subarray(index * length, (index + 1) * length)
      return layout === 'nchw' ? interleaved(own, shape[0], shape[1], shape[2]) : own
    },
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
      remedy: 'say which: --layout nhwc or --layout nchw',
    })
  return isChannels(last) ? 'nhwc' : 'nchw'
}

/** Any numbers as 0–255. Whole numbers are taken as they are; fractions of at most 1 as shares of white. */
function asBytes(array: FileArray, scale: ImportChoices['scale'], place: string, remarks: string[]): Uint8Array {
  if (array.data instanceof Uint8Array && array.type === 'uint8' && scale !== '1') return array.data
  const values = asDoubles(array, place)
  let most = 0
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!
    if (!(value >= 0 && value <= 255))
      throw new UserError(`value ${i} is ${Number.isNaN(value) ? 'not a number' : value}, outside of 0–255`, {
        place,
        remedy: 'scale the images to 0–1 or 0–255',
      })
    if (value > most) most = value
  }
  const isShare = scale === undefined ? array.type.startsWith('float') && most <= 1 : scale === '1'
  if (isShare && most > 1)
    throw new UserError(`its greatest value is ${most}, so white is not 1`, { place, remedy: 'use --scale 255' })
  remarks.push(
    isShare
      ? `its values are shares of white, 0–1, times 255 and rounded (greatest ${most})`
      : `its values are taken as 0–255 (greatest ${most})`,
  )
  return Uint8Array.from(values, (value) => Math.round(isShare ? value * 255 : value))
}

async function* images(parts: readonly Part[], first: number): ReturnType<FoundSet['images']> {
  for (const [split, { images, labels }] of parts.entries())
    for (let index = 0; index < labels.length; index++)
      yield { split, index, label: labels[index]! - first, pixels: images.image(index) }
}
