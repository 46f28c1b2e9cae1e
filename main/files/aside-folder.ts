import { randomBytes } from 'node:crypto'
import { mkdirSync, readdirSync, rmSync, statSync } from 'node:fs'
import path from 'node:path'
import { ASIDE_ENDING } from './write-file'

const NAME = /^\.normlab-(\d{1,10})-[0-9a-f]{8}\.tmp$/
/** A folder in which nothing was written for so long belongs to no work that goes on, milliseconds. */
const SETTLED_MS = 600_000

/**
 * Makes a folder beside a target, for what is moved there once it is whole. Whoever asks takes it away; those of processes that were killed over their
 * work go when the next one is made there.
 *
 * @throws Error of the system where nothing can be made there.
 */
export function makeAsideFolder(target: string): string {
  const parent = path.dirname(path.resolve(target))
  const folder = path.join(parent, `.normlab-${process.pid}-${randomBytes(4).toString('hex')}${ASIDE_ENDING}`)
  mkdirSync(folder, { mode: 0o700 })
  sweepAsideFolders(parent)
  return folder
}

/** Removes what processes left that were killed: theirs by name, ended, and at rest. On a shared disk the process may be another machine's, hence the rest. */
export function sweepAsideFolders(parent: string, now = Date.now()): void {
  for (const name of readdirSync(parent)) {
    const pid = NAME.exec(name)?.[1]
    if (pid === undefined || isAlive(Number(pid))) continue
    const folder = path.join(parent, name)
    try {
      if (now - lastWritten(folder) > SETTLED_MS) rmSync(folder, { recursive: true, force: true })
    } catch {
      // Somebody else's, or just gone.
    }
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH'
  }
}

/** When something in it was written last; of folders below, when they were changed. */
function lastWritten(folder: string): number {
  return Math.max(...['.', ...readdirSync(folder)].map((name) => statSync(path.join(folder, name)).mtimeMs))
}
