import { onScopeDispose, shallowRef, watch, type ShallowRef } from 'vue'
import { sentenceOf } from '../ui/use-notices'

/** What becomes of the answer that is there: it stays until the next one, goes with a failure, or also as soon as its key changes. */
type Earlier = 'stays' | 'goes with a failure' | 'goes at once'

export interface Latest<T> {
  readonly value: ShallowRef<T | null>
  /** Why the latest question has no answer, a sentence; null where it has one or waits for it. */
  readonly error: ShallowRef<string | null>
  /** Whether an answer is waited for. */
  readonly pending: ShallowRef<boolean>
  /**
   * Asks, and lets go of every question before.
   *
   * @param question Is told whether it is still the latest, for those that take several steps.
   * @returns whether the question was answered, also where its answer came too late to be taken.
   */
  ask(question: (isLatest: () => boolean) => Promise<T>): Promise<boolean>
  /** Lets go of what was asked. */
  drop(): void
}

/** A question that is asked again and again: answers of earlier ones are dropped, and all of them once the scope is gone. */
export function useLatest<T>(earlier: Earlier = 'stays'): Latest<T> {
  const value = shallowRef<T | null>(null)
  const error = shallowRef<string | null>(null)
  const pending = shallowRef(false)
  let turn: symbol | null = null
  let isGone = false

  async function ask(question: (isLatest: () => boolean) => Promise<T>): Promise<boolean> {
    const mine = Symbol('turn')
    const isLatest = (): boolean => turn === mine && !isGone
    turn = mine
    pending.value = !isGone
    try {
      const found = await question(isLatest)
      if (isLatest()) {
        value.value = found
        error.value = null
      }
      return true
    } catch (problem) {
      if (isLatest()) {
        error.value = sentenceOf(problem)
        if (earlier !== 'stays') value.value = null
      }
      return false
    } finally {
      if (isLatest()) pending.value = false
    }
  }
  function drop(): void {
    turn = null
    pending.value = false
  }
  onScopeDispose(() => {
    isGone = true
    drop()
  })
  return { value, error, pending, ask, drop }
}

/**
 * The answer that goes with what is chosen, asked anew when that changes.
 *
 * @param key What the question depends on; null where there is nothing to ask, and then only an answer that `stays` is kept.
 * @param options.wait Milliseconds without a change before it is asked.
 */
export function useAnswer<K, T>(
  key: () => K | null,
  question: (key: K) => Promise<T>,
  { wait = 0, earlier }: { wait?: number; earlier?: Earlier } = {},
): Latest<T> {
  const latest = useLatest<T>(earlier)
  const { value, error, pending } = latest
  let timer: ReturnType<typeof setTimeout> | undefined
  watch(
    key,
    (now) => {
      clearTimeout(timer)
      latest.drop()
      if (earlier === 'goes at once' || now === null) error.value = null
      if (earlier === 'goes at once' || (now === null && earlier === 'goes with a failure')) value.value = null
      if (now === null) return
      const go = (): void => void latest.ask(() => question(now))
      if (wait === 0) return go()
      pending.value = true
      timer = setTimeout(go, wait)
    },
    { immediate: true },
  )
  onScopeDispose(() => clearTimeout(timer))
  return latest
}
