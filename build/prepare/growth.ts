import { readdir, stat } from 'node:fs/promises'
import path from 'node:path'
import { run, type CommandOptions, type Outcome } from './command'

/** A command that downloads, and the folder in which what it writes can be seen growing. */
export interface Download extends Omit<CommandOptions, 'signal'> {
  readonly command: string
  readonly args: readonly string[]
  /** The command's folder for temporary files; it is told so by TMPDIR. */
  readonly folder: string
  /** Without growth for this long (ms) it is ended. */
  readonly stalledMs: number
  /** Hears now and then how many bytes the largest file has. */
  readonly onBytes?: (bytes: number) => void
}

/** How often the folder is looked at, ms. */
const LOOK_EVERY_MS = 250

/**
 * Runs a command that downloads for as long as it makes progress. The time that it may take depends on the line; that nothing
 * comes at all any more is the sign that nothing will.
 */
export async function runWatched(download: Download): Promise<Outcome & { readonly stalled: boolean }> {
  const { command, args, folder, stalledMs, onBytes, env = process.env, ...options } = download
  const stalled = new AbortController()
  let [seen, grewAt] = [0, Date.now()]
  const look = setInterval(() => {
    void largestFile(folder).then((bytes) => {
      if (bytes > seen) [seen, grewAt] = [bytes, Date.now()]
      if (Date.now() - grewAt > stalledMs) stalled.abort()
      onBytes?.(seen)
    })
  }, LOOK_EVERY_MS)
  try {
    const temporary = { TMPDIR: folder, TMP: folder, TEMP: folder }
    const outcome = await run(command, args, { ...options, env: { ...env, ...temporary }, signal: stalled.signal })
    return { ...outcome, stalled: stalled.signal.aborted }
  } finally {
    clearInterval(look)
  }
}

/** Bytes of the largest file beneath `folder`, which comes and goes under our eyes. */
async function largestFile(folder: string): Promise<number> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => [])
  const sizes = entries.map((entry) => {
    const inner = path.join(folder, entry.name)
    if (entry.isDirectory()) return largestFile(inner)
    return stat(inner).then(
      (found) => found.size,
      () => 0,
    )
  })
  return Math.max(0, ...(await Promise.all(sizes)))
}
