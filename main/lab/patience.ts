import { isLocked } from '../store/failures'
import type { Store } from '../store/store'

/** How long a request waits for a store that another program keeps locked, and how often it looks, milliseconds. */
const MOST_MS = 10_000
const LOOK_MS = 100

/**
 * Does a request's work again while another program keeps the store locked, and lets everything else go on meanwhile; unless some of the work
 * was stored already.
 */
export function patience(store: Store): <T>(work: () => T | Promise<T>) => Promise<T> {
  return async (work) => {
    for (let left = MOST_MS; ; left -= LOOK_MS) {
      const before = store.commits
      try {
        return await work()
      } catch (error) {
        if (!isLocked(error) || store.commits !== before || left <= 0) throw error
      }
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS))
    }
  }
}
