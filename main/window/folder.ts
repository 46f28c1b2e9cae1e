import { accessSync, constants, lstatSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'

const TEMPORARY = 'normlab-window-'
/** A folder younger than this may be one that is just being opened. */
const SETTLED_MS = 60_000

/**
 * The folder of the window's own state, which Chromium writes: beside the data, or where nothing can be written there a temporary one, which
 * goes with the app.
 */
export function makeWindowFolder(home: string): string {
  const own = path.join(home, 'window')
  try {
    mkdirSync(own, { recursive: true, mode: 0o700 })
    accessSync(own, constants.W_OK)
    return own
  } catch {
    sweep(tmpdir())
    const folder = mkdtempSync(path.join(tmpdir(), TEMPORARY))
    process.once('exit', () => rmSync(folder, { recursive: true, force: true }))
    return folder
  }
}

/** Removes what Chromium wrote into earlier temporary folders after the app's last word: nobody's lock is in them any more. */
export function sweep(temporary: string, now = Date.now()): void {
  for (const name of readdirSync(temporary)) {
    if (!name.startsWith(TEMPORARY)) continue
    const folder = path.join(temporary, name)
    try {
      if (now - statSync(folder).mtimeMs < SETTLED_MS || isLocked(folder)) continue
      rmSync(folder, { recursive: true, force: true })
    } catch {
      // Somebody else's, or just gone.
    }
  }
}

/** Chromium's lock is a link to nothing that names its process. */
function isLocked(folder: string): boolean {
  return lstatSync(path.join(folder, 'SingletonLock'), { throwIfNoEntry: false }) !== undefined
}
