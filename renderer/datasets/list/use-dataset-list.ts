import { computed, shallowRef, watch } from 'vue'
import type { DatasetSummary } from '../../../shared/api'
import { useLab } from '../../lab/lab-injection'
import { useLatest } from '../../lab/use-latest'
import { arrangedSets } from './order'

/** All data sets, those of the user's own first, and a search among them. */
export function useDatasetList() {
  const { lab, session } = useLab()
  const { value: sets, error, ask } = useLatest<readonly DatasetSummary[]>()
  const load = () => ask(() => lab.request('datasets.list', {}))
  const search = shallowRef('')
  const found = computed(() => arrangedSets(sets.value ?? [], search.value))
  watch(session, (opened) => opened > 0 && void load(), { immediate: true })
  return { sets, found, error, load, search }
}
