import { computed, ref, type ShallowRef, watch } from 'vue'
import type { NetworkDocument } from '../../../shared/architecture/document'
import { checkNetwork } from '../../../shared/architecture/check'
import { dataProblems } from '../../../shared/architecture/data-fit'
import { useDatasets } from '../../lab/use-datasets'

/** The data set that a network is meant for: at first one that it fits, then whichever the reader chooses. */
export function useDataset(document: Readonly<ShallowRef<NetworkDocument>>) {
  const dataset = ref('shapes10')
  const { datasets } = useDatasets()
  const chosen = watch(datasets, (sets) => {
    if (sets.length === 0) return
    chosen()
    if (document.value.nodes.length === 0) return
    const check = checkNetwork(document.value)
    const fitting = sets.filter((set) => dataProblems(check, set).length === 0)
    if (fitting.length > 0 && !fitting.some(({ name }) => name === dataset.value)) dataset.value = fitting[0]!.name
  })
  return { dataset, geometry: computed(() => datasets.value.find(({ name }) => name === dataset.value)) }
}
