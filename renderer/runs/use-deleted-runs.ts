import { shallowRef, watch } from 'vue'
import type { RequestOutput } from '../../shared/api'
import { useLab } from '../lab/lab-injection'
import { sentenceOf } from '../ui/use-notices'
import { useRuns } from '../run-list/use-runs'

export type Deleted = RequestOutput<'runs.deleted'>[number]

/** The deleted runs that can come back, asked again whenever the list of runs loses or wins one. */
export function useDeletedRuns() {
  const { lab, session } = useLab()
  const { byId } = useRuns()
  const deleted = shallowRef<readonly Deleted[] | null>(null)
  const error = shallowRef<string | null>(null)
  async function load(): Promise<void> {
    try {
      deleted.value = await lab.request('runs.deleted', {})
      error.value = null
    } catch (problem) {
      error.value = sentenceOf(problem)
    }
  }
  watch([session, () => byId.value?.size], ([opened]) => opened > 0 && void load(), { immediate: true })
  return { deleted, error, load }
}
