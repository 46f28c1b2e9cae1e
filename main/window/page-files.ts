import path from 'node:path'
import { isOwnAddress } from './address'

/** The file of an address, or null where it leads outside of the folder. */
export function fileOf(folder: string, address: string): string | null {
  if (!isOwnAddress(address)) return null
  let name: string
  try {
    name = decodeURIComponent(new URL(address).pathname)
  } catch {
    return null
  }
  if (name.includes('\0') || name.includes('\\')) return null
  const file = path.join(folder, name)
  return file.startsWith(folder + path.sep) ? file : null
}
