import { randomBytes } from 'node:crypto'
import { lstatSync, mkdirSync, readdirSync, rmSync, utimesSync } from 'node:fs'
import { hostname } from 'node:os'
import path from 'node:path'
import { isAlive } from './process-alive'
import { ASIDE_ENDING } from './write-file'

const NAME = /^\.normlab-([A-Za-z0-9.]{1,40})-(\d{1,10})-[0-9a-f]{8}\.tmp$/
/** Process ids are a machine's own, or a container's. */
const HOST =
  hostname()
    .replace(/[^A-Za-z0-9.]/g, '')
    .slice(0, 40) || 'here'
/** A folder in which nothing was written for so long belongs to no work that goes on, milliseconds. */
const SETTLED_MS = 600_000
/** The same for another machine's, whose clock may be another. */
const FOREIGN_SETTLED_MS = 86_400_000

/** Whether something of this name is such a folder. */
export const isAsideName = (name: string): boolean => NAME.test(name)

/**
 * Makes a folder beside a target, for what is moved there once it is whole. Whoever asks takes it away; those of processes that were killed over their
 * work go when the next one is made there.
 *
 * @throws Error of the system where nothing can be made there.
 */
export function makeAsideFolder(target: string): string {
  const parent = path.dirname(path.resolve(target))
  const folder = path.join(parent, `.normlab-${HOST}-${process.pid}-${randomBytes(4).toString('hex')}${ASIDE_ENDING}`)
  mkdirSync(folder, { mode: 0o700 })
  sweepAsideFolders(parent)
  return folder
}

/** Works in such a folder, which is taken away at the end. While that goes on nobody takes it for one at rest, though nothing be written. */
export async function inAsideFolder<T>(target: string, work: (folder: string) => Promise<T>): Promise<T> {
  const folder = makeAsideFolder(target)
  const timer = setInterval(() => touch(folder), SETTLED_MS / 10)
  timer.unref()
  try {
    return await work(folder)
  } finally {
    clearInterval(timer)
    rmSync(folder, { recursive: true, force: true })
  }
}

function touch(folder: string): void {
  try {
    utimesSync(folder, new Date(), new Date())
  } catch {
    // Whoever works in it hears of a disk that is gone.
  }
}

/** Removes what processes left that were killed: theirs by name, ended, and at rest. Of another machine's on a shared disk nobody can tell whether they have ended. */
export function sweepAsideFolders(parent: string, now = Date.now()): void {
  for (const name of readdirSync(parent)) {
    const [, host, pid] = NAME.exec(name) ?? []
    if (pid === undefined || (host === HOST && isAlive(Number(pid)))) continue
    const folder = path.join(parent, name)
    try {
      if (now - lastWritten(folder) > (host === HOST ? SETTLED_MS : FOREIGN_SETTLED_MS))
        rmSync(folder, { recursive: true, force: true })
    } catch {
      // Somebody else's, or just gone.
    }
  }
}

/** When something in it was written last, however deep. */
function lastWritten(place: string): number {
  const stats = lstatSync(place)
  if (!stats.isDirectory()) return stats.mtimeMs
  return Math.max(stats.mtimeMs, ...readdirSync(place).map((name) => lastWritten(path.join(place, name))))
}
