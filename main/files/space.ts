import { statfs } from 'node:fs/promises'
import { UserError } from '../../shared/errors'

/**
 * @param told What is named in place of the folder, and what helps.
 * @throws UserError where less is free; Node 16 (Electron 22) cannot tell, and nothing is said then.
 */
export async function requireSpace(
  folder: string,
  needed: number,
  told = { place: folder, remedy: 'make room there, or choose another data folder with --home' },
): Promise<void> {
  if (typeof statfs !== 'function') return
  const { bavail, bsize } = await statfs(folder)
  const gigabytes = (bytes: number): string => `${(bytes / 1e9).toFixed(1)} GB`
  if (bavail * bsize >= needed) return
  throw new UserError(`${gigabytes(needed)} are needed, and ${gigabytes(bavail * bsize)} are free`, told)
}
