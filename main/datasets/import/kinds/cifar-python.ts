import { UserError } from '../../../../shared/errors'
import type { FileArray } from '../../../formats/array'
import { PickledArray, unpickleArrays } from '../../../formats/numpy-pickle'
import { pickleText } from '../../../formats/pickle'
import type { FileTree, TreeEntry } from '../../../formats/trees'
import { CIFAR10, CIFAR100_COARSE, CIFAR100_FINE } from '../cifar-names'
import { baseName, type FoundSet, type ImportKind, placeOf, readWhole } from '../found'
import { interleaved } from '../planes'
import { splitOfFile, splitOrder } from '../splits'

const PIXELS = 3 * 32 * 32

interface Batch {
  readonly path: string
  readonly split: string
  readonly data: Uint8Array
  readonly labels: readonly number[]
}

/** CIFAR-10 and CIFAR-100 as pickles of Python 2 or 3: dicts of `data` [N, 3072] and `labels` or `fine_labels` and `coarse_labels`. */
export const cifarPython: ImportKind = {
  name: 'cifar-python',
  title: 'CIFAR-10 or CIFAR-100, Python',
  asks: ['labels'],
  match: (tree) => pickles(tree).length > 0,
  async open(tree, choices) {
    const isHundred = pickles(tree).every(({ path }) => !/^(data|test)_batch/.test(baseName(path)))
    const isCoarse = isHundred && choices.labels === 'coarse'
    const batches = await readBatches(tree, isHundred ? (isCoarse ? 'coarse_labels' : 'fine_labels') : 'labels')
    const classes =
      (await metaNames(tree, isHundred, isCoarse)) ?? (isHundred ? (isCoarse ? CIFAR100_COARSE : CIFAR100_FINE) : CIFAR10)
    for (const { path, labels } of batches) {
      const wrong = labels.findIndex((label) => !Number.isSafeInteger(label) || label < 0 || label >= classes.length)
      if (wrong >= 0)
        throw new UserError(`image ${wrong} has label ${labels[wrong]}, there are ${classes.length} classes`, {
          place: placeOf(tree, path),
        })
    }
    const splits = [...new Set(batches.map(({ split }) => split))].sort(splitOrder)
    const ofSplit = (name: string): Batch[] => batches.filter(({ split }) => split === name)
    return {
      format: this.name,
      classes,
      shape: [32, 32, 3],
      splits: splits.map((name) => ({ name, images: ofSplit(name).reduce((sum, { labels }) => sum + labels.length, 0) })),
      remarks: isHundred
        ? [
            `labels are the ${isCoarse ? '20 coarse' : '100 fine'} ones; the ${isCoarse ? 'fine' : 'coarse'} ones can be chosen instead`,
          ]
        : [],
      takes: (path) => pickles(tree).some((entry) => entry.path === path),
      images: () => images(splits.map(ofSplit)),
    } satisfies FoundSet
  },
}

/** Pickles of protocol 2 and later begin with 0x80; those of Python 2's protocol 0 with a dict's opening. */
function pickles(tree: FileTree): TreeEntry[] {
  return tree.entries.filter(({ path, head }) => {
    const isPickle = head[0] === 0x80 || (head[0] === 0x28 && (head[1] === 0x64 || head[1] === 0x6c))
    return isPickle && /^(data_batch(_\d+)?|test_batch|train|test|val|batches\.meta|meta)(\.(pkl|pickle))?$/i.test(baseName(path))
  })
}

function isMeta({ path }: TreeEntry): boolean {
  return /meta/i.test(baseName(path))
}

async function readBatches(tree: FileTree, labelsKey: string): Promise<Batch[]> {
  const wanted = new Set(pickles(tree).flatMap((entry) => (isMeta(entry) ? [] : [entry.path])))
  const batches: Batch[] = []
  for await (const { path, bytes } of tree.read((file) => wanted.has(file))) {
    const place = placeOf(tree, path)
    const table = unpickleArrays(bytes, place)
    if (!(table instanceof Map)) throw new UserError('this pickle holds no dict', { place })
    const array = arrayIn(table.get('data'), place)
    const [count = 0, width = 0] = array.shape
    if (array.type !== 'uint8' || array.data.length !== count * PIXELS || (array.shape.length !== 2 && array.shape.length !== 4))
      throw new UserError(`its data is ${array.type} ${count}×${width}, expected is uint8 N×${PIXELS}`, { place })
    const labels = labelsIn(table, labelsKey, place)
    if (labels.length !== count) throw new UserError(`it has ${count} images and ${labels.length} labels`, { place })
    batches.push({ path, split: splitOfFile(path) ?? 'train', data: array.data as Uint8Array, labels })
  }
  if (batches.length === 0) throw new UserError('there is a list of class names and no batch of images', { place: tree.place })
  return batches.sort((a, b) => (a.path < b.path ? -1 : 1))
}

function arrayIn(value: unknown, place: string): FileArray {
  const array = value instanceof PickledArray ? value.array : undefined
  if (!array) throw new UserError('this pickle has no array "data"', { place })
  return array
}

function labelsIn(table: ReadonlyMap<unknown, unknown>, key: string, place: string): number[] {
  const found = table.get(key) ?? table.get('labels')
  const values = found instanceof PickledArray ? found.array?.data : found
  if (Array.isArray(values) || ArrayBuffer.isView(values)) return Array.from(values as ArrayLike<unknown>, Number)
  throw new UserError(`this pickle has no list "${key}"`, { place })
}

async function metaNames(tree: FileTree, isHundred: boolean, isCoarse: boolean): Promise<string[] | undefined> {
  const entry = pickles(tree).find(isMeta)
  if (!entry) return undefined
  const place = placeOf(tree, entry.path)
  const table = unpickleArrays(await readWhole(tree, entry.path), place)
  const names =
    table instanceof Map
      ? table.get(isHundred ? (isCoarse ? 'coarse_label_names' : 'fine_label_names') : 'label_names')
      : undefined
  if (!Array.isArray(names) || names.length === 0) return undefined
  return names.map((name, i) => pickleText(name) ?? String(i))
}

async function* images(splits: readonly (readonly Batch[])[]): ReturnType<FoundSet['images']> {
  for (const [split, batches] of splits.entries()) {
    let index = 0
    for (const { data, labels } of batches)
      for (const [i, label] of labels.entries())
        yield { split, index: index++, label, pixels: interleaved(data.subarray(i * PIXELS, (i + 1) * PIXELS), 32, 32, 3) }
  }
}
