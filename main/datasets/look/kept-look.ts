import fs from 'node:fs'
import path from 'node:path'
import { z } from 'zod'
import { DatasetLook, SplitLook } from '../../../shared/api'
import { fromBase64, toBase64 } from '../../../shared/wire'

/** What was found out about a set's pixels, beside its images; it can be found out again at any time. */
const LOOK_FILE = 'look.json'
const VERSION = 1

const Kept = z.object({
  version: z.literal(VERSION),
  /** Of the set that it is about. */
  hash: z.string(),
  look: DatasetLook.extend({ splits: z.array(SplitLook.extend({ mean: z.string() })) }),
})

/** What is kept in a set's folder; null where there is nothing, or nothing that fits. */
export function keptLook(folder: string, hash: string): DatasetLook | null {
  try {
    const kept = Kept.parse(JSON.parse(fs.readFileSync(path.join(folder, LOOK_FILE), 'utf8')))
    if (kept.hash !== hash) return null
    const { look } = kept
    return { ...look, splits: look.splits.map((split) => ({ ...split, mean: fromBase64(split.mean) })) }
  } catch {
    return null
  }
}

/** Keeps it where the folder can be written. */
export function keepLook(folder: string, hash: string, look: DatasetLook): void {
  const told = { ...look, splits: look.splits.map((split) => ({ ...split, mean: toBase64(split.mean) })) }
  const file = path.join(folder, LOOK_FILE)
  try {
    fs.writeFileSync(`${file}.new`, JSON.stringify({ version: VERSION, hash, look: told }), { mode: 0o600 })
    fs.renameSync(`${file}.new`, file)
  } catch {
    // It is found out again the next time.
  }
}
