import { shallowRef, watch, type Ref } from 'vue'
import { useLab } from '../lab/lab-injection'

/** One answer of the lab that goes with a run and a few choices, asked again while the run goes on. */
export function useAsked<T>(
  key: () => readonly unknown[] | null,
  ask: () => Promise<T>,
  revision: Ref<number>,
  /** Milliseconds between two questions while records come in. */
  everyMs = 5000,
) {
  const answer = shallowRef<T | null>(null)
  let asked = 0
  let pending = false
  let generation = 0
  async function fetch(): Promise<void> {
    const mine = ++generation
    pending = true
    asked = performance.now()
    try {
      const value = await ask()
      if (mine === generation) answer.value = value
    } catch {
      if (mine === generation) answer.value = null
    } finally {
      if (mine === generation) pending = false
    }
  }
  watch(
    key,
    (now) => {
      answer.value = null
      generation++
      pending = false
      if (now) void fetch()
    },
    { immediate: true },
  )
  watch(revision, () => {
    if (key() && !pending && performance.now() - asked > everyMs) void fetch()
  })
  return answer
}

/** The share of blocks within the bound over the steps, and the chosen unit's ratio. */
export function useBlockHistory(
  id: Ref<number>,
  loaded: Ref<boolean>,
  revision: Ref<number>,
  c: Ref<number>,
  block: Ref<number | null>,
) {
  const { lab } = useLab()
  const within = useAsked(
    () => (loaded.value ? [id.value, c.value] : null),
    () => lab.request('runs.within', { run: id.value, c: c.value }),
    revision,
  )
  const unit = useAsked(
    () => (loaded.value && block.value !== null ? [id.value, block.value] : null),
    () => lab.request('runs.unit', { run: id.value, unit: block.value ?? 0 }),
    revision,
  )
  return { within, unit }
}
