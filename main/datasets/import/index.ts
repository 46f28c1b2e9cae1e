import { UserError } from '../../../shared/errors'
import type { FileTree } from '../../formats/trees'
import type { ImportKind } from './found'
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
  if (tree.entries.length === 0) throw new UserError('there is no file in it that could be read', { place: tree.place })
  throw new UserError('this looks like no data set that is known here', {
    place: tree.place,
    remedy: `it can be ${IMPORT_KINDS.map(({ title }) => title).join('; ')}`,
  })
}
