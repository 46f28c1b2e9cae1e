import { UserError } from '../../../../shared/errors'
import type { FileTree, TreeEntry } from '../../../formats/trees'
import { CIFAR10, CIFAR100_COARSE, CIFAR100_FINE } from '../cifar-names'
import { baseName, type FoundSet, type ImportKind, placeOf, readWhole } from '../found'
import { interleaved } from '../planes'
import { splitOfFile, splitOrder } from '../splits'

const PIXELS = 3 * 32 * 32

/** Label bytes before an image's planes: one for CIFAR-10, coarse and fine for CIFAR-100. */
type LabelBytes = 1 | 2

/** CIFAR-10 and CIFAR-100 as records of label and planes (Krizhevsky 2009). */
export const cifarBinary: ImportKind = {
  name: 'cifar-binary',
  title: 'CIFAR-10 or CIFAR-100, binary',
  asks: ['labels'],
  match: (tree) => binaries(tree).length > 0,
  async open(tree, choices) {
    const files = binaries(tree)
    const labelBytes = labelBytesOf(tree, files)
    for (const { path, bytes } of files) checkLength(bytes, labelBytes, placeOf(tree, path))
    const splits = [...new Set(files.map(splitName))].sort(splitOrder)
    const counts = splits.map(
      (split) => sum(files.filter((file) => splitName(file) === split).map(({ bytes }) => bytes)) / (PIXELS + labelBytes),
    )
    const isCoarse = labelBytes === 2 && choices.labels === 'coarse'
    const classes =
      (await namesFromFile(tree, labelBytes, isCoarse)) ??
      (labelBytes === 1 ? CIFAR10 : isCoarse ? CIFAR100_COARSE : CIFAR100_FINE)
    return {
      format: this.name,
      classes,
      shape: [32, 32, 3],
      splits: splits.map((name, i) => ({ name, images: counts[i]! })),
      remarks:
        labelBytes === 1
          ? []
          : [
              `labels are the ${isCoarse ? '20 coarse' : '100 fine'} ones; the ${isCoarse ? 'fine' : 'coarse'} ones can be chosen instead`,
            ],
      takes: (path) => files.some((file) => file.path === path) || /\.txt$/i.test(path),
      images: () => records(tree, files, splits, labelBytes, isCoarse ? 0 : labelBytes - 1, classes.length),
    } satisfies FoundSet
  },
}

function binaries(tree: FileTree): TreeEntry[] {
  return tree.entries.filter(({ path, bytes }) => /\.bin$/i.test(path) && bytes >= PIXELS)
}

function splitName({ path }: TreeEntry): string {
  return splitOfFile(path) ?? 'train'
}

/** By length; where both fit or none, by name. */
function labelBytesOf(tree: FileTree, files: readonly TreeEntry[]): LabelBytes {
  const fits = (labels: LabelBytes): boolean => files.every(({ bytes }) => bytes % (PIXELS + labels) === 0)
  if (fits(1) !== fits(2)) return fits(1) ? 1 : 2
  const names = [tree.place, ...tree.entries.map(({ path }) => path)].join(' ')
  if (/cifar-?_?100|fine_label|(^|[/ ])(train|test)\.bin/i.test(names)) return 2
  if (/cifar-?_?10([^0]|$)|data_batch|test_batch/i.test(names) || !fits(1)) return 1
  throw new UserError('its length fits CIFAR-10 (3073 bytes an image) and CIFAR-100 (3074) alike', {
    place: tree.place,
    remedy: 'name the file as the set’s own are, data_batch_1.bin or train.bin',
  })
}

function checkLength(bytes: number, labels: LabelBytes, place: string): void {
  const record = PIXELS + labels
  const rest = bytes % record
  if (rest !== 0)
    throw new UserError(`${bytes} bytes are no whole number of records of ${record}: ${rest} are left over`, {
      place,
      remedy: 'fetch the file again',
    })
}

/** `batches.meta.txt`, `fine_label_names.txt`, … where they lie beside. */
async function namesFromFile(tree: FileTree, labels: LabelBytes, isCoarse: boolean): Promise<string[] | undefined> {
  const wanted = labels === 1 ? 'batches.meta.txt' : isCoarse ? 'coarse_label_names.txt' : 'fine_label_names.txt'
  const entry = tree.entries.find(({ path, bytes }) => baseName(path).toLowerCase() === wanted && bytes < 100_000)
  if (!entry) return undefined
  const names = new TextDecoder()
    .decode(await readWhole(tree, entry.path))
    .split(/\r?\n/)
    .map((line) => line.trim())
  const found = names.filter((name) => name !== '')
  return found.length === (labels === 1 ? 10 : isCoarse ? 20 : 100) ? found : undefined
}

async function* records(
  tree: FileTree,
  files: readonly TreeEntry[],
  splits: readonly string[],
  labels: LabelBytes,
  labelAt: number,
  classes: number,
): ReturnType<FoundSet['images']> {
  const record = PIXELS + labels
  // The files of a split lie behind one another in the order of their names.
  const first = new Map<string, number>()
  const before = new Map<string, number>()
  for (const file of files) {
    const count = before.get(splitName(file)) ?? 0
    first.set(file.path, count)
    before.set(splitName(file), count + file.bytes / record)
  }
  for await (const { path, bytes } of tree.read((file) => first.has(file))) {
    const split = splits.indexOf(splitOfFile(path) ?? 'train')
    for (let i = 0; i * record < bytes.length; i++) {
      const at = i * record
      const label = bytes[at + labelAt]!
      if (label >= classes)
        throw new UserError(`image ${i} has label ${label}, there are ${classes} classes`, { place: placeOf(tree, path) })
      const planes = bytes.subarray(at + labels, at + record)
      yield { split, index: first.get(path)! + i, label, pixels: interleaved(planes, 32, 32, 3) }
    }
  }
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}
