import { UserError } from '../../../../shared/errors'
import { HEAD_BYTES } from '../../../formats/trees/file-tree'
import { SafetensorsReader } from '../../../formats/safetensors'
import type { FileTree, TreeEntry } from '../../../formats/trees'
import { type FoundSet, type ImportKind, placeOf } from '../found'
import { splitOrder } from '../splits'

/** safetensors as `datasets export` writes them: `<split>/images` [N, H, W, C] of bytes and `<split>/labels`, and the classes as metadata. */
export const tensorFile: ImportKind = {
  name: 'safetensors',
  title: 'safetensors of images and labels',
  asks: [],
  match: (tree) => tensorFiles(tree).length === 1,

  async open(tree) {
    const { path } = tensorFiles(tree)[0] ?? tree.entries[0]!
    const file = tree.pathOf(path)
    if (file === undefined)
      throw new UserError('a file of safetensors is not read within an archive', {
        place: placeOf(tree, path),
        remedy: 'unpack it and import the file',
      })
    const reader = SafetensorsReader.open(file)
    try {
      const names = reader.tensors.map(({ name }) => name).filter((name) => /(^|\/)images$/.test(name))
      if (names.length === 0)
        throw new UserError(told(reader.tensors), { place: file, remedy: 'name them train/images and train/labels' })
      const parts = names.map((name) => readPart(reader, name, file)).sort((a, b) => splitOrder(a.split, b.split))
      const { shape } = parts[0]!
      const other = parts.find((part) => part.shape.join() !== shape.join())
      if (other)
        throw new UserError(
          `images of ${other.split} are ${other.shape.join('×')}, those of ${parts[0]!.split} ${shape.join('×')}`,
          { place: file },
        )
      const classes = classNames(reader.metadata['classes'], parts, file)
      return {
        format: this.name,
        classes,
        shape,
        splits: parts.map(({ split, labels }) => ({ name: split, images: labels.length })),
        remarks: [],
        takes: (taken) => taken === path,
        images: () => images(file, parts),
      } satisfies FoundSet
    } finally {
      reader.close()
    }
  },
}

function tensorFiles(tree: FileTree): TreeEntry[] {
  return tree.entries.filter(({ head }) => looksLikeTensors(head))
}

/** Eight bytes of length, then JSON's opening. */
function looksLikeTensors(head: Uint8Array): boolean {
  return head.length >= Math.min(10, HEAD_BYTES) && head[8] === 0x7b && head[5] === 0 && head[6] === 0 && head[7] === 0
}

/** @param tensors Of a file without images. */
const told = (tensors: readonly { readonly name: string }[]): string =>
  tensors.some(({ name }) => /(^|\/)vectors$/.test(name))
    ? 'it holds vectors, and images alone are brought in'
    : 'it holds no tensor of images'

interface Part {
  readonly split: string
  readonly shape: readonly [number, number, number]
  /** The tensor of its images, bytes. */
  readonly tensor: string
  readonly labels: Int32Array
}

function readPart(reader: SafetensorsReader, name: string, file: string): Part {
  const split = name.includes('/') ? name.slice(0, name.lastIndexOf('/')) : 'train'
  const place = `${file}: tensor "${name}"`
  const { dtype, shape } = reader.info(name)
  if (dtype !== 'U8' || shape.length !== 4 || (shape[3] !== 1 && shape[3] !== 3))
    throw new UserError(`it is ${dtype} ${shape.join('×')}, expected is U8 N×H×W×C of one or three channels`, { place })
  const labels = reader.readIntegers(name.replace(/images$/, 'labels'))
  if (labels.length !== shape[0]) throw new UserError(`there are ${shape[0]} images and ${labels.length} labels`, { place })
  return { split, shape: [shape[1]!, shape[2]!, shape[3]], tensor: name, labels }
}

/** A JSON list; numbers where there is none. */
function classNames(text: string | undefined, parts: readonly Part[], place: string): string[] {
  let most = -1
  for (const { labels, split } of parts)
    labels.forEach((label, i) => {
      if (label < 0) throw new UserError(`label ${i} of ${split} is ${label}`, { place })
      if (label > most) most = label
    })
  if (text === undefined) return Array.from({ length: most + 1 }, (_, i) => String(i))
  let names: unknown
  try {
    names = JSON.parse(text)
  } catch {
    names = undefined
  }
  if (!Array.isArray(names) || !names.every((name) => typeof name === 'string'))
    throw new UserError('its metadata "classes" is no JSON list of names', { place })
  if (most >= names.length) throw new UserError(`there is a label ${most} and there are ${names.length} classes`, { place })
  return names as string[]
}

/** Read some at a time. */
const BLOCK_BYTES = 2 ** 20

async function* images(file: string, parts: readonly Part[]): ReturnType<FoundSet['images']> {
  const reader = SafetensorsReader.open(file)
  try {
    for (const [split, { tensor, labels, shape }] of parts.entries()) {
      const length = shape[0] * shape[1] * shape[2]
      const together = Math.max(1, Math.floor(BLOCK_BYTES / Math.max(1, length)))
      for (let first = 0; first < labels.length; first += together) {
        const count = Math.min(together, labels.length - first)
        const block = new Uint8Array(count * length)
        reader.readSlice(tensor, first * length, block, 0, block.length)
        for (let i = 0; i < count; i++)
          yield { split, index: first + i, label: labels[first + i]!, pixels: block.subarray(i * length, (i + 1) * length) }
      }
    }
  } finally {
    reader.close()
  }
}
