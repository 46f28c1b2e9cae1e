import { computed, type ComputedRef } from 'vue'

/**
 * A computed value that stays the same object while what counts of it does: what draws or works with it has nothing to do anew with each word of the list of runs.
 *
 * @param counts What counts of it, as data.
 */
export function sameWhile<T>(make: () => T, counts: (value: T) => unknown): ComputedRef<T> {
  let key: string | undefined
  return computed<T>((before) => {
    const now = make()
    const told = JSON.stringify(counts(now))
    if (before !== undefined && told === key) return before
    key = told
    return now
  })
}
