import { computed, shallowRef, watch, type Ref } from 'vue'
import { checkNetwork } from '../../shared/architecture/check'
import type { NetworkCheck } from '../../shared/architecture/check-types'
import { dataProblems } from '../../shared/architecture/data-fit'
import { openNetwork } from '../designer/state/open-network'
import { useLab } from '../lab/lab-injection'
import { useDatasets } from '../lab/use-datasets'
import { networkQuery, type SourceWord } from './source'

/** The data sets whose images and classes a source's network takes; null until that is known. */
export function useFittingSets(source: Readonly<Ref<SourceWord>>) {
  const { lab } = useLab()
  const { datasets } = useDatasets()
  const check = shallowRef<NetworkCheck | null>(null)
  watch(
    source,
    async (word) => {
      check.value = null
      const query = networkQuery(word)
      if (!query) return
      try {
        const { document } = await openNetwork(lab, query)
        if (word === source.value) check.value = checkNetwork(document)
      } catch {
        // A change without data needs no set, and the page says by itself that there is no such network.
      }
    },
    { immediate: true },
  )
  return computed(() => {
    const found = check.value
    return found && datasets.value.filter((set) => dataProblems(found, set).length === 0).map(({ name }) => name)
  })
}
