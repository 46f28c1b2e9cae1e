import { shallowRef, watch } from 'vue'
import type { Check } from '../../shared/api'
import { useLab } from '../lab/lab-injection'
import { sentenceOf } from '../ui/use-notices'

/** The doctor's checks: what is there, what is missing, and the line that mends it. */
export function useDoctor() {
  const { lab, session } = useLab()
  const checks = shallowRef<readonly Check[] | null>(null)
  const error = shallowRef<string | null>(null)
  const busy = shallowRef(false)

  async function examine(): Promise<void> {
    busy.value = true
    error.value = null
    try {
      checks.value = (await lab.request('lab.doctor', {})).checks
    } catch (problem) {
      error.value = sentenceOf(problem)
    } finally {
      busy.value = false
    }
  }
  watch(session, (opened) => opened > 0 && void examine(), { immediate: true })
  return { checks, error, busy, examine }
}
