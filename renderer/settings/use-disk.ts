import { computed, shallowRef, watch } from 'vue'
import type { DiskUse, RunDisk, StoreFindings } from '../../shared/api'
import { useLab } from '../lab/lab-injection'
import { useLatest } from '../lab/use-latest'
import { formatBytes } from '../ui/format'
import { sentenceOf, useNotices } from '../ui/use-notices'

export type DiskOrder = 'all' | 'records' | 'checkpoints' | 'spare' | 'run'

const bytesOf = (run: RunDisk, order: DiskOrder): number =>
  order === 'run' ? run.run : order === 'all' ? run.records + run.checkpoints : run[order]

/** What the data folder takes of the disk, in the order that is asked for, and what gives some of it back. */
export function useDisk() {
  const { lab, session } = useLab()
  const { say, complain } = useNotices()
  const { value: use, error, ask } = useLatest<DiskUse>()
  const order = shallowRef<DiskOrder>('all')
  const marked = shallowRef<ReadonlySet<number>>(new Set())
  const busy = shallowRef(false)
  const findings = shallowRef<StoreFindings | string | null>(null)

  const load = (): Promise<boolean> => ask(() => lab.request('disk.use', {}))
  watch(session, (opened) => opened > 0 && void load(), { immediate: true })

  const runs = computed(() => [...(use.value?.runs ?? [])].sort((a, b) => bytesOf(b, order.value) - bytesOf(a, order.value)))
  const chosen = computed(() => runs.value.filter(({ run }) => marked.value.has(run)))
  /** Of the marked runs; of all where none is marked. */
  const spare = computed(() => (chosen.value.length > 0 ? chosen.value : runs.value).filter((run) => run.spare > 0))
  const caches = computed(() =>
    (use.value?.parts ?? []).filter(({ says }) => says.startsWith('a cache')).reduce((sum, { bytes }) => sum + bytes, 0),
  )

  function mark(run: number, isMarked: boolean): void {
    const next = new Set(marked.value)
    if (isMarked) next.add(run)
    else next.delete(run)
    marked.value = next
  }
  async function work(perform: () => Promise<{ bytes: number }>): Promise<void> {
    busy.value = true
    try {
      say(`${formatBytes((await perform()).bytes)} given back.`)
    } catch (problem) {
      complain(problem)
    } finally {
      busy.value = false
      await load()
    }
  }
  const free = (): Promise<void> => work(() => lab.request('disk.free', { runs: spare.value.map(({ run }) => run) }))
  const clearCaches = (): Promise<void> => work(() => lab.request('disk.clear-caches', {}))
  async function check(): Promise<void> {
    busy.value = true
    try {
      findings.value = await lab.request('disk.check', {})
    } catch (problem) {
      findings.value = sentenceOf(problem)
    } finally {
      busy.value = false
    }
  }
  return { use, error, load, order, runs, marked, mark, chosen, spare, caches, busy, free, clearCaches, check, findings }
}
