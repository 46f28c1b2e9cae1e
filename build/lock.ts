import { mkdir } from 'node:fs/promises'
import path from 'node:path'
import { lock } from 'proper-lockfile'

/** A lock whose owner has not touched it for this long is taken to be left over from a process that died. */
const STALE_MS = 20_000
const RETRY_MS = 300

/**
 * Does `work` while no other process of ours works under the same lock.
 * @param file The lock; a folder of this name exists while it is held.
 * @param doing What the others are told to wait for: `making TensorFlow's folder`.
 */
export async function withLock<T>(file: string, doing: string, work: () => Promise<T>): Promise<T> {
  await mkdir(path.dirname(file), { recursive: true })
  const release = await take(file, doing)
  try {
    return await work()
  } finally {
    await release()
  }
}

async function take(file: string, doing: string): Promise<() => Promise<void>> {
  for (let told = false; ; told = true) {
    try {
      return await lock(file, { realpath: false, lockfilePath: file, stale: STALE_MS, update: STALE_MS / 4 })
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ELOCKED') throw error
      if (!told) process.stderr.write(`Another process is ${doing}; waiting for it.\n`)
      await new Promise((resolve) => setTimeout(resolve, RETRY_MS))
    }
  }
}
