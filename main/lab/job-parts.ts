import type { JobWork } from './job-work'

/** A part of long work that is counted as one: it counts its own, and throws where the work was called off. */
export interface Part {
  readonly signal: AbortSignal
  /** So much more of it is done. */
  readonly add: (bytes: number) => void
  /** So much of it is done in all, from 0 to 1. */
  readonly reach: (share: number) => void
}

/** One course through parts of so many bytes, one behind the other. */
export function partsOf(phase: string, sizes: readonly number[], { signal, tell }: JobWork): Part[] {
  const total = sizes.reduce((sum, bytes) => sum + bytes, 0)
  return sizes.map((bytes, i) => {
    const before = sizes.slice(0, i).reduce((sum, earlier) => sum + earlier, 0)
    let done = 0
    const tellAt = (now: number): void => {
      signal.throwIfAborted()
      done = Math.min(bytes, now)
      tell(phase, before + done, total)
    }
    return { signal, add: (more) => tellAt(done + more), reach: (share) => tellAt(share * bytes) }
  })
}
