import * as hdf5 from 'jsfive'
import { elements } from '../../shared/ops/op'
import { UserError } from '../../shared/errors'

/** An array of an HDF5 file. */
export interface Hdf5Array {
  readonly shape: readonly number[]
  /** In single precision. @throws UserError where it cannot be read. */
  read(): Float32Array
}

/** What jsfive gives of a group and of a set of data. */
interface Item {
  readonly keys?: string[]
  get?(path: string): Item | undefined
  readonly shape?: number[]
  readonly dtype?: unknown
  readonly value?: ArrayLike<number>
}

/** Numbers in one array; more than any network has. */
const MOST_NUMBERS = 2 ** 30

/**
 * The arrays of an HDF5 file by their paths.
 *
 * @throws UserError where it is none, or is damaged.
 */
export function readHdf5(bytes: Uint8Array, called: string): ReadonlyMap<string, Hdf5Array> {
  const damaged = (): UserError =>
    new UserError('its weights are no HDF5 file, or are damaged', { place: called, remedy: 'save the network again' })
  const found = new Map<string, Hdf5Array>()
  const walk = (item: Item, path: string, depth: number): void => {
    if (depth > 50) throw damaged()
    if (item.shape !== undefined) {
      const shape = [...item.shape]
      const length = elements(shape)
      const read = (): Float32Array => {
        try {
          const values = length <= MOST_NUMBERS ? item.value : undefined
          if (values?.length === length) return Float32Array.from(values)
        } catch {
          // Told below: the reader's own words say nothing to anybody.
        }
        throw damaged()
      }
      found.set(path, { shape, read })
      return
    }
    for (const key of item.keys ?? []) {
      const inner = item.get?.(key)
      if (inner) walk(inner, path === '' ? key : `${path}/${key}`, depth + 1)
    }
  }
  try {
    walk(new hdf5.File(new Uint8Array(bytes).buffer, called) as unknown as Item, '', 0)
  } catch {
    throw damaged()
  }
  return found
}
