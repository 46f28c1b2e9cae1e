import { onScopeDispose, shallowRef } from 'vue'
import type { JobInput, LayerChangeAnswer } from '../../shared/api'
import { jobSlot } from '../lab/job-slot'
import { useLab } from '../lab/lab-injection'
import { sentenceOf } from '../ui/use-notices'

/** Tries a change of a layer, one at a time. */
export function useChange() {
  const { lab } = useLab()
  const answer = shallowRef<LayerChangeAnswer | null>(null)
  const error = shallowRef<string | null>(null)
  const { progress, run, cancel } = jobSlot()

  /** @returns the answer; null where it was called off, or refused: then `error` says why. */
  async function start(question: JobInput<'kernels.change-layer'>): Promise<LayerChangeAnswer | null> {
    cancel()
    error.value = null
    try {
      const found = await run((tell) => lab.start('kernels.change-layer', question, tell))
      if (found !== null) answer.value = found
      return found
    } catch (problem) {
      error.value = sentenceOf(problem)
      return null
    }
  }
  onScopeDispose(cancel)
  return { answer, progress, error, start, cancel }
}
