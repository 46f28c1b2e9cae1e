import { computed, onScopeDispose, shallowRef, watch } from 'vue'
import type { CheckName, DatasetChecks } from '../../../shared/datasets/checks'
import { jobSlot } from '../../lab/job-slot'
import { useLab } from '../../lab/lab-injection'
import { sentenceOf } from '../../ui/use-notices'

/** What the checks of a set came to, and making them. */
export function useChecks(name: string) {
  const { lab, session } = useLab()
  const checks = shallowRef<DatasetChecks | null>(null)
  const isKnown = shallowRef(false)
  const error = shallowRef<string | null>(null)
  const { progress, isBusy, run: begin, cancel } = jobSlot()
  const isRunning = computed(() => progress.value !== null)

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
    if (isBusy()) return
    error.value = null
    try {
      const found = await begin((tell) => lab.start('datasets.check', { name, again, ...(only && { only }) }, tell))
      if (found) checks.value = found
    } catch (problem) {
      error.value = sentenceOf(problem)
    }
  }
  onScopeDispose(cancel)
  return { checks, isKnown, error, progress, isRunning, run, cancel }
}
export type Checks = ReturnType<typeof useChecks>
