import { computed, onScopeDispose, shallowRef, watch } from 'vue'
import type { DatasetDetail, DatasetLook } from '../../shared/api'
import { jobSlot } from '../lab/job-slot'
import { useLab } from '../lab/lab-injection'
import { useAnswer, useLatest } from '../lab/use-latest'
import { sentenceOf } from '../ui/use-notices'

/** A data set in full, what its pixels are like, and the labels of the split that is shown. */
export function useDataset(name: string, split: () => string | null) {
  const { lab, session } = useLab()
  const { value: set, error, ask } = useLatest<DatasetDetail>()
  const load = () => ask(() => lab.request('datasets.show', { name }))
  watch(session, (opened) => opened > 0 && void load(), { immediate: true })

  const shownSplit = computed(() => {
    const wanted = split()
    const splits = set.value?.splits ?? []
    return (splits.find((one) => one.name === wanted) ?? splits[0])?.name ?? null
  })
  const labels = useAnswer(
    () => (shownSplit.value === null ? null : JSON.stringify([shownSplit.value, set.value?.hash])),
    async () => {
      const asked = shownSplit.value!
      return { split: asked, ...(await lab.request('datasets.labels', { name, split: asked })) }
    },
  )

  const look = shallowRef<DatasetLook | null>(null)
  const lookError = shallowRef<string | null>(null)
  const { progress: lookProgress, run, cancel } = jobSlot()
  async function findOut(): Promise<void> {
    cancel()
    lookError.value = null
    try {
      const found = await run((tell) => lab.start('datasets.look', { name }, tell))
      if (found) look.value = found
    } catch (problem) {
      lookError.value = sentenceOf(problem)
    }
  }
  watch(set, (now, before) => now && !now.vectors && now.hash !== before?.hash && void findOut())
  // What is not finished is begun again the next time.
  onScopeDispose(cancel)
  return { set, error, load, shownSplit, labels, look, lookProgress, lookError }
}
