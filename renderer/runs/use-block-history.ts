import { watch, type Ref } from 'vue'
import { useLab } from '../lab/lab-injection'
import { useAnswer } from '../lab/use-latest'

/** One answer of the lab that goes with a run and a few choices, asked again while the run goes on. */
function useAsked<T>(
  key: () => readonly unknown[] | null,
  ask: () => Promise<T>,
  revision: Ref<number>,
  /** Milliseconds between two questions while records come in. */
  everyMs = 5000,
) {
  let asked = 0
  const { value, pending, ask: again } = useAnswer(key, timed, { earlier: 'goes at once' })
  function timed(): Promise<T> {
    asked = performance.now()
    return ask()
  }
  watch(revision, () => {
    if (key() && !pending.value && performance.now() - asked > everyMs) void again(timed)
  })
  return value
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
