import { shallowRef, watch } from 'vue'
import type { DatasetSummary } from '../../shared/api'
import { useLab } from './lab-injection'
import { sentenceOf } from '../ui/use-notices'

/** The data sets that there are; asked again after the wire to the lab broke. */
export function useDatasets() {
  const { lab, session } = useLab()
  const datasets = shallowRef<readonly DatasetSummary[]>([])
  const error = shallowRef<string | null>(null)

  async function load(): Promise<void> {
    try {
      datasets.value = await lab.request('datasets.list', {})
      error.value = null
    } catch (problem) {
      error.value = sentenceOf(problem)
    }
  }
  watch(session, () => void load(), { immediate: true })
  return { datasets, error }
}
