import path from 'node:path'
import { DatasetName } from '../../shared/datasets/names'
import { UserError } from '../../shared/errors'
import type { Catalogue } from '../datasets/catalogue'

/** A set's name from a file's or folder's: `cifar-10-batches-py` of `cifar-10-batches-py.tar.gz`. */
export function nameOf(source: string): string {
  const base = path.basename(source).replace(/\.(tar\.gz|tgz|tar|zip|npz|npy|csv|jsonl|safetensors|gz|bin|parquet)$/i, '')
  const checked = DatasetName.safeParse(base)
  if (checked.success) return checked.data
  throw new UserError('a name for the set cannot be made of this path', { place: source, remedy: 'give it one: --name NAME' })
}

export function refuseTaken(catalogue: Catalogue, name: string): void {
  const taken = catalogue.list().find((set) => set.name === name)
  if (!taken) return
  const isBuiltIn = taken.hash === undefined
  throw new UserError(isBuiltIn ? 'a data set of this name is part of the program' : 'there is a data set of this name', {
    place: `data set "${name}"`,
    remedy: isBuiltIn ? 'choose another name' : 'choose another name, or delete that one first',
  })
}

/** What of a name can be a folder's on every system. */
export function folderWord(name: string): string {
  return (
    name
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, '-')
      .replace(/^-+|-+$/g, '')
      .slice(0, 40) || 'set'
  )
}
