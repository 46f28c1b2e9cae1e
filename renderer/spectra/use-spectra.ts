import { onScopeDispose, shallowRef, watch, type Ref } from 'vue'
import type { JobInput, SpectraAnswer } from '../../shared/api'
import { jobSlot } from '../lab/job-slot'
import { useLab } from '../lab/lab-injection'
import { sentenceOf } from '../ui/use-notices'
import { questionOf, type SourceWord } from './source'

/** Answers of this sitting: a source that is looked at again is there at once. */
const kept = new Map<string, SpectraAnswer>()
const MOST_KEPT = 60

/** Which layers, and how; absent for all layers as they wrap around. */
export type Aspect = Pick<JobInput<'kernels.spectra'>, 'layers' | 'padding' | 'withValues' | 'withBound'>

/**
 * The spectra of a source, asked for when it changes. What was asked before is let go of.
 *
 * @param aspect Null asks for nothing.
 * @param less Whose weights are taken off first; null for none.
 */
export function useSpectra(
  source: Readonly<Ref<SourceWord | null>>,
  aspect: Readonly<Ref<Aspect | null>>,
  less: Readonly<Ref<SourceWord | null>> = shallowRef(null),
) {
  const { lab } = useLab()
  const answer = shallowRef<SpectraAnswer | null>(null)
  const error = shallowRef<string | null>(null)
  const isCancelled = shallowRef(false)
  const { progress, run, cancel: letGo } = jobSlot()

  function cancel(): void {
    isCancelled.value = progress.value !== null
    letGo()
  }

  async function ask(): Promise<void> {
    cancel()
    isCancelled.value = false
    error.value = null
    const question = source.value === null ? null : questionOf(source.value)
    if (!question || aspect.value === null) {
      answer.value = null
      return
    }
    const taken = less.value === null ? null : questionOf(less.value)
    const key = JSON.stringify([source.value, aspect.value, less.value])
    const known = kept.get(key)
    if (known) {
      answer.value = known
      return
    }
    const asked = { ...question, ...aspect.value, ...(taken && { less: taken.weights }) }
    try {
      const found = await run((tell) => lab.start('kernels.spectra', asked, tell))
      if (found === null) return
      if (kept.size >= MOST_KEPT) kept.delete(kept.keys().next().value!)
      // The newest checkpoint of a run is another one tomorrow.
      if (![source.value, less.value].some((word) => /^run:\d+$/.test(word ?? ''))) kept.set(key, found)
      answer.value = found
    } catch (problem) {
      answer.value = null
      error.value = sentenceOf(problem)
    }
  }

  watch([source, less, () => JSON.stringify(aspect.value)], () => void ask(), { immediate: true })
  onScopeDispose(cancel)
  return { answer, progress, error, isCancelled, ask, cancel }
}
