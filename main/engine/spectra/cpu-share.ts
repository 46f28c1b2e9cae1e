import { readFileSync } from 'node:fs'
import os from 'node:os'

/** Where Linux says how long the calling thread was on a processor, nanoseconds first. */
const THREAD_TIMES = '/proc/thread-self/schedstat'

/**
 * Processor time of the calling thread, milliseconds. Where the system does not tell it, the wall time that it did not rest for, which is not less.
 *
 * @param restedMs How long the thread has rested so far.
 */
export function threadTimes(restedMs: () => number): () => number {
  const read = (): number => Number(readFileSync(THREAD_TIMES, 'latin1').split(' ')[0]) / 1e6
  try {
    if (read() > 0) return read
  } catch {
    // Not Linux.
  }
  return () => performance.now() - restedMs()
}

/** Lets other threads of the process go first, where a thread can be told apart from its process. */
export function yieldToOthers(): void {
  if (process.platform !== 'linux') return
  try {
    os.setPriority(os.constants.priority.PRIORITY_BELOW_NORMAL)
  } catch {
    // Then the share alone holds it back.
  }
}

/** How long a piece of work has to rest so that it has had no more than its share of a processor since it began, milliseconds. */
export function restMs(cpuMs: number, elapsedMs: number, share: number): number {
  return Math.max(0, cpuMs / share - elapsedMs)
}
