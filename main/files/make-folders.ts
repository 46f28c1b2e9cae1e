import { mkdirSync, statSync } from 'node:fs'
import path from 'node:path'

/** Makes a folder and those that it lies in, for their owner alone. Not mkdir's `recursive`: Node 20 tries for ever where the system says ENOENT under a folder that is there (/proc). */
export function makeFolders(folder: string): void {
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory()) return
  const parent = path.dirname(folder)
  if (parent !== folder) makeFolders(parent)
  try {
    mkdirSync(folder, { mode: 0o700 })
  } catch (error) {
    // Another process may have been quicker.
    if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory()) throw error
  }
}
