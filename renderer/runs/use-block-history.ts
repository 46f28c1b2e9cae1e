import { watch, type Ref } from 'vue'
import { useLab } from '../lab/lab-injection'
import { joined } from '../lab/curves'
import { useAnswer } from '../lab/use-latest'

/** Columns by step that are asked for whole once, and then from where they end. @param what Tells of what they are; of something else they are asked for anew. */
export function growing<T extends { step: Float64Array }>(
  what: () => string,
  ask: (from: number) => Promise<T>,
): () => Promise<T> {
  let known: { readonly what: string; readonly columns: T } | undefined
  return async () => {
    const now = what()
    const before = known?.what === now ? known.columns : undefined
    const more = await ask((before?.step[before.step.length - 1] ?? 0) + 1)
    const columns = before ? joined([before, more]) : more
    known = { what: now, columns }
    return columns
  }
}

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
    growing(
      () => `${id.value} ${c.value}`,
      (from) => lab.request('runs.within', { run: id.value, c: c.value, from }),
    ),
    revision,
  )
  const unit = useAsked(
    () => (loaded.value && block.value !== null ? [id.value, block.value] : null),
    growing(
      () => `${id.value} ${block.value}`,
      (from) => lab.request('runs.unit', { run: id.value, unit: block.value ?? 0, from }),
    ),
    revision,
  )
  return { within, unit }
}
