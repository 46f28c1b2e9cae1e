import { onScopeDispose, shallowRef, watch } from 'vue'
import type { CheckName, DatasetChecks } from '../../../shared/datasets/checks'
import type { JobProgress, RunningJob } from '../../../shared/job'
import { useLab } from '../../lab/lab-injection'
import { sentenceOf } from '../../ui/use-notices'

/** What the checks of a set came to, and making them. */
export function useChecks(name: string) {
  const { lab, session } = useLab()
  const checks = shallowRef<DatasetChecks | null>(null)
  const isKnown = shallowRef(false)
  const error = shallowRef<string | null>(null)
  const progress = shallowRef<JobProgress | null>(null)
  const isRunning = shallowRef(false)
  let job: RunningJob<DatasetChecks> | null = null

  async function load(): Promise<void> {
    try {
      checks.value = (await lab.request('datasets.checks', { name })).checks
      isKnown.value = true
    } catch (problem) {
      error.value = sentenceOf(problem)
    }
  }
  watch(session, (opened) => opened > 0 && void load(), { immediate: true })

  /** @param only The checks to make; all but the long ones where absent. */
  async function run(only?: CheckName[], again = false): Promise<void> {
    if (isRunning.value) return
    error.value = null
    progress.value = null
    isRunning.value = true
    const mine = lab.start('datasets.check', { name, again, ...(only && { only }) }, (told) => (progress.value = told))
    job = mine
    try {
      const found = await mine.result
      if (job === mine) checks.value = found
    } catch (problem) {
      if (job === mine) error.value = sentenceOf(problem)
    } finally {
      if (job === mine) isRunning.value = false
    }
  }
  function cancel(): void {
    const mine = job
    job = null
    isRunning.value = false
    mine?.cancel()
  }
  onScopeDispose(cancel)
  return { checks, isKnown, error, progress, isRunning, run, cancel }
}
export type Checks = ReturnType<typeof useChecks>
