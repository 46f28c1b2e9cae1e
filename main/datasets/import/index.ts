import type { ImportChoices } from '../../../shared/datasets/import-choices'
import { countWords } from '../../../shared/count-words'
import { isUserError, UserError } from '../../../shared/errors'
import { isGzip } from '../../formats/gzip'
import { type FileTree, isTar, packingOf } from '../../formats/trees'
import type { FoundSet, ImportKind } from './found'
import { leftOut, listed } from './remarks'
import { arrayFiles } from './kinds/arrays'
import { cifarBinary } from './kinds/cifar-binary'
import { cifarPython } from './kinds/cifar-python'
import { idxFiles } from './kinds/idx'
import { imageFolder } from './kinds/image-folder'
import { parquetFiles } from './kinds/parquet'
import { pictureTable } from './kinds/table'
import { tensorFile } from './kinds/tensors'

/** In the order in which they are tried: a table of pictures is also a folder of them. */
export const IMPORT_KINDS: readonly ImportKind[] = [
  tensorFile,
  parquetFiles,
  arrayFiles,
  cifarPython,
  idxFiles,
  cifarBinary,
  pictureTable,
  imageFolder,
]

/**
 * The kind of a source, by its content or as the user says.
 *
 * @throws UserError where it looks like none of those that are known.
 */
export function recognise(tree: FileTree, format: string | undefined): ImportKind {
  const names = IMPORT_KINDS.map(({ name }) => name).join(', ')
  if (format !== undefined) {
    const kind = IMPORT_KINDS.find(({ name }) => name === format)
    if (!kind) throw new UserError(`there is no format "${format}"`, { place: tree.place, remedy: `use ${names}` })
    return kind
  }
  const found = IMPORT_KINDS.find((kind) => kind.match(tree))
  if (found) return found
  const archives = tree.entries.flatMap(({ path, head }) => (isArchive(head) && tree.pathOf(path) !== tree.place ? [path] : []))
  if (archives.length > 0)
    throw new UserError(
      listed(['is in it, which is imported by itself', 'are in it, which are imported one by one'], archives)[0]!,
      {
        place: tree.place,
        remedy: `import one of them, as ${archives[0]}`,
      },
    )
  const packed = tree.entries.find(({ head }) => packingOf(head) !== undefined)
  if (packed)
    throw new UserError(`in it is ${packed.path}, packed by ${packingOf(packed.head)}, which is not read here`, {
      place: tree.place,
      remedy: 'unpack that and import its folder, or pack it as .tar.gz or .zip',
    })
  if (tree.entries.length === 0) {
    const [first, ...others] = tree.skipped
    const why = first
      ? `: ${first.path} is left out, ${first.why}${others.length > 0 ? `, and ${countWords(others.length, 'other')}` : ''}`
      : ''
    throw new UserError(`there is no file in it that could be read${why}`, { place: tree.place })
  }
  for (const kind of IMPORT_KINDS) kind.refuse?.(tree)
  throw new UserError('this looks like no data set that is known here', {
    place: tree.place,
    remedy: `it can be ${IMPORT_KINDS.map(({ title }) => title).join('; ')}`,
  })
}

const BESIDE = [
  'is taken with it, as it lies beside it and belongs to it',
  'are taken with it, as they lie beside it and belong to it',
] as const

/** A set as it was recognised, and the files that it is made of. */
export interface Opened {
  readonly set: FoundSet
  readonly tree: FileTree
}

/**
 * Opens a source as a kind. A single file is taken with those beside it that belong to it; what of a source is no part of the set is told.
 *
 * @throws UserError where the files are not what they look like; with the place.
 */
export async function openSet(kind: ImportKind, source: FileTree, choices: ImportChoices): Promise<Opened> {
  const names = source.beside && source.entries.length === 1 ? ((await kind.beside?.(source)) ?? []) : []
  const tree = names.length > 0 ? source.beside!.with(names) : source
  const set = await opened(kind, tree, choices)
  const others = tree.entries.filter(({ path }) => !set.takes(path)).map(({ path }) => path)
  const own = source.entries[0]?.path
  const added = tree === source ? [] : tree.entries.flatMap(({ path }) => (path === own || !set.takes(path) ? [] : [path]))
  const remarks = [...set.remarks, ...listed(BESIDE, added), ...(tree === source ? leftOut(others) : [])]
  return { set: { ...set, remarks }, tree }
}

/** What is missing may be what could not be unpacked, and is then told with it. */
async function opened(kind: ImportKind, tree: FileTree, choices: ImportChoices): Promise<FoundSet> {
  try {
    return await kind.open(tree, choices)
  } catch (error) {
    const unread = tree.skipped.find(({ why }) => why.startsWith('packed by'))
    if (!isUserError(error) || !unread) throw error
    throw new UserError(`${error.problem} (${unread.path} is left out, ${unread.why})`, error.options)
  }
}

function isArchive(head: Uint8Array): boolean {
  const [a, b, c, d] = head
  return (a === 0x50 && b === 0x4b && c === 3 && d === 4) || isGzip(head) || isTar(head)
}
