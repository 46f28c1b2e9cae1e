import { onScopeDispose, shallowRef } from 'vue'
import type { JobInput, LayerChangeAnswer } from '../../shared/api'
import { BEGINNING, type JobProgress, type RunningJob } from '../../shared/job'
import { useLab } from '../lab/lab-injection'
import { sentenceOf } from '../ui/use-notices'

/** Tries a change of a layer, one at a time. */
export function useChange() {
  const { lab } = useLab()
  const answer = shallowRef<LayerChangeAnswer | null>(null)
  const progress = shallowRef<JobProgress | null>(null)
  const error = shallowRef<string | null>(null)
  let job: RunningJob<LayerChangeAnswer> | undefined

  function cancel(): void {
    const mine = job
    job = undefined
    progress.value = null
    mine?.cancel()
  }

  /** @returns the answer; null where it was called off, or refused: then `error` says why. */
  async function start(question: JobInput<'kernels.change-layer'>): Promise<LayerChangeAnswer | null> {
    cancel()
    error.value = null
    progress.value = BEGINNING
    const mine = lab.start('kernels.change-layer', question, (told) => {
      if (job === mine) progress.value = told
    })
    job = mine
    try {
      const found = await mine.result
      if (job !== mine) return null
      answer.value = found
      return found
    } catch (problem) {
      if (job === mine) error.value = sentenceOf(problem)
      return null
    } finally {
      if (job === mine) {
        job = undefined
        progress.value = null
      }
    }
  }
  onScopeDispose(cancel)
  return { answer, progress, error, start, cancel }
}
