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

/** A thread's weight falls by this with each step of niceness (sched(7) of Linux). */
const NICE_FACTOR = 1.25

/**
 * Steps of niceness with which a thread that would have a processor to itself gets a share of it beside one other that never rests: a step of
 * 1.25 in weight each. None for a half or more.
 */
export function nicenessFor(share: number): number {
  if (share >= 0.5) return 0
  return Math.min(19, Math.round(Math.log((1 - share) / share) / Math.log(NICE_FACTOR)))
}

/**
 * Gives way to the other threads of the process as far as the share says, so that the trainer is held up by slices of time and not by whole
 * pieces of work. Where a thread cannot be told apart from its process, the rests alone hold it back.
 *
 * @param share Part of one processor.
 */
export function giveWay(share: number): void {
  if (process.platform !== 'linux') return
  try {
    os.setPriority(Math.min(19, os.getPriority() + nicenessFor(share)))
  } catch {
    // The system does not allow it.
  }
}

/**
 * What a millisecond of such work takes from a trainer beside it, milliseconds: memory and caches are shared too, and an operation that was held
 * up ends later than by the slice alone. Steps of residual networks lost 1.0 to 1.3 times what was taken of the processor (`npm run bench -- --only live`).
 */
const TOLL = 1.3

/** How long a piece of work has to rest so that those beside it have lost no more than its share of their time since it began, milliseconds. */
export function restMs(cpuMs: number, elapsedMs: number, share: number): number {
  if (share >= 1) return 0
  return Math.max(0, (TOLL * cpuMs) / share - elapsedMs)
}
