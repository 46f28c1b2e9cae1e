import { realpathSync, statSync } from 'node:fs'
import path from 'node:path'
import type { TensorMessage } from './schema'

/** A file beside an ONNX file, in which its tensors lie. */
export type Beside =
  | { readonly path: string; readonly bytes: number }
  /** What is wrong with the name that a tensor gives of it. */
  | { readonly why: 'is not in the file’s own folder' | 'is not beside the file' | 'leads out of the file’s own folder' }

/** @param location As the ONNX file has it. */
export function fileBeside(file: string, location: string): Beside {
  const folder = realpathSync(path.dirname(file))
  const target = path.resolve(folder, location)
  const inside = (place: string): boolean => place.startsWith(folder + path.sep)
  if (location === '' || path.isAbsolute(location) || !inside(target)) return { why: 'is not in the file’s own folder' }
  try {
    const found = statSync(target)
    if (!inside(realpathSync(target))) return { why: 'leads out of the file’s own folder' }
    if (found.isFile()) return { path: target, bytes: found.size }
  } catch {
    // Nothing of that name, or none that any file could have.
  }
  return { why: 'is not beside the file' }
}

/** Of all files in which these lie, each once whatever it is called, without the ONNX file itself; what is no file there is told by whoever reads the tensor. */
export function bytesBeside(file: string, tensors: readonly Pick<TensorMessage, 'external_data'>[]): number {
  const locations = tensors.flatMap(({ external_data }) => external_data.filter(({ key }) => key === 'location'))
  const sizes = new Map<string, number>()
  for (const location of new Set(locations.map(({ value }) => value))) {
    const found = fileBeside(file, location)
    if ('bytes' in found) sizes.set(realpathSync(found.path), found.bytes)
  }
  if (sizes.size > 0) sizes.delete(realpathSync(file))
  return [...sizes.values()].reduce((sum, bytes) => sum + bytes, 0)
}
