import { readFileSync, statSync, writeFileSync } from 'node:fs'
import path from 'node:path'

/** What a build was made from, kept beside its output, so that the next one knows whether anything changed. */
interface Stamp {
  /** Files, relative to the root, with size (bytes) and time of change (ms). */
  readonly inputs: Readonly<Record<string, readonly [size: number, changedMs: number]>>
}

/** True where the stamp is there and every file is as it was. */
export function isFresh(root: string, stampFile: string): boolean {
  try {
    const { inputs } = JSON.parse(readFileSync(stampFile, 'utf8')) as Stamp
    return Object.entries(inputs).every(([file, [size, changedMs]]) => {
      const found = statSync(path.resolve(root, file), { throwIfNoEntry: false })
      return found?.size === size && found.mtimeMs === changedMs
    })
  } catch {
    return false
  }
}

/** The files that a build has read, relative to the root. */
export function bundledFiles(stampFile: string): string[] {
  return Object.keys((JSON.parse(readFileSync(stampFile, 'utf8')) as Stamp).inputs)
}

/**
 * The stamp of files that a build has read.
 * @param startedMs When the build began; a file that changed after that counts as changed.
 */
export function stampOf(root: string, files: Iterable<string>, startedMs: number): Stamp {
  const inputs: Record<string, readonly [number, number]> = {}
  for (const file of files) {
    const { size, mtimeMs } = statSync(path.resolve(root, file))
    inputs[file] = [mtimeMs < startedMs ? size : -1, mtimeMs]
  }
  return { inputs }
}

export function writeStamp(stampFile: string, stamp: Stamp): void {
  writeFileSync(stampFile, JSON.stringify(stamp))
}
