import { appendFileSync, renameSync, statSync } from 'node:fs'
import { makePrivate } from '../store/home'

/** Size at which the log begins anew, bytes; the one before is kept as `normlab.log.1`. */
const LOG_BYTES = 4_000_000

/** A log for the program's own mistakes: people see a sentence, whoever mends them reads this. */
export function logTo(file: string): (text: string) => void {
  return (text) => {
    try {
      if ((statSync(file, { throwIfNoEntry: false })?.size ?? 0) > LOG_BYTES) renameSync(file, `${file}.1`)
      makePrivate(file)
      appendFileSync(file, `${new Date().toISOString()} ${text}\n`)
    } catch {
      // A full disk must not make a mistake worse.
    }
  }
}
