import { lstatSync, readlinkSync, type Stats, statSync } from 'node:fs'
import path from 'node:path'

/** What a path that is to be written to stands for. */
export type Target =
  /** A file, there or not: written aside and moved into place. Links are followed, so that a link stays one. */
  | { readonly kind: 'file'; readonly path: string; readonly old: Stats | undefined }
  /** A pipe, a terminal, a device: written to as it is. */
  | { readonly kind: 'stream'; readonly path: string }
  /** A descriptor that this process has open, such as `/dev/stdout`. */
  | { readonly kind: 'descriptor'; readonly descriptor: number }

const STANDARD: Readonly<Record<string, number>> = { '/dev/stdin': 0, '/dev/stdout': 1, '/dev/stderr': 2 }
const MOST_LINKS = 40

/** Follows a path's links to what it stands for. @throws the system's error where that cannot be told, and for a folder. */
export function targetOf(file: string): Target {
  let at = path.resolve(file)
  for (let links = 0; ; links++) {
    // Opened by its name it would begin anew, before what is written there already; a socket could not be opened at all.
    const descriptor = STANDARD[at] ?? /^\/(?:dev|proc\/self)\/fd\/(\d+)$/.exec(at)?.[1]
    if (descriptor !== undefined && process.platform !== 'win32') return { kind: 'descriptor', descriptor: Number(descriptor) }
    if (!lstatSync(at, { throwIfNoEntry: false })?.isSymbolicLink()) break
    // The system's own error for too many of them.
    if (links === MOST_LINKS) statSync(at)
    at = path.resolve(path.dirname(at), readlinkSync(at))
  }
  const old = statSync(at, { throwIfNoEntry: false })
  if (old?.isDirectory()) throw Object.assign(new Error('a folder'), { code: 'EISDIR', syscall: 'open' })
  return old === undefined || old.isFile() ? { kind: 'file', path: at, old } : { kind: 'stream', path: at }
}
