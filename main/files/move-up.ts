import { readdirSync, renameSync, rmSync } from 'node:fs'
import path from 'node:path'

/** Moves all that is in a folder into another on the same disk, where nothing of these names is: all of it, or nothing. @param last What comes last. */
export function moveUp(from: string, to: string, last: string): void {
  const moved: string[] = []
  try {
    for (const name of [...readdirSync(from).filter((one) => one !== last), last]) {
      renameSync(path.join(from, name), path.join(to, name))
      moved.push(path.join(to, name))
    }
  } catch (error) {
    for (const place of moved) rmSync(place, { recursive: true, force: true })
    throw error
  }
}
