import { computed, shallowRef, watch } from 'vue'
import { useRoute, useRouter } from 'vue-router'
import { ComparisonLayout, type Comparison } from '../../shared/comparison'
import { useLab } from '../lab/lab-injection'
import { useNotices } from '../ui/use-notices'

/** The comparison's layout: the runs stand in the address, the rest here; both can be kept under a name. */
export function useLayout() {
  const route = useRoute()
  const router = useRouter()
  const { lab, session } = useLab()
  const { complain, say } = useNotices()
  const layout = shallowRef<ComparisonLayout>(ComparisonLayout.parse({ runs: runsOf(route.query['runs']) }))
  const saved = shallowRef<readonly Comparison[]>([])
  const current = shallowRef<Comparison | null>(null)

  watch(
    () => route.query['runs'],
    (text) => {
      const runs = runsOf(text)
      if (runs.join() !== layout.value.runs.join()) layout.value = { ...layout.value, runs }
    },
  )
  function change(part: Partial<ComparisonLayout>): void {
    layout.value = { ...layout.value, ...part }
    if (part.runs) void router.replace({ query: part.runs.length > 0 ? { runs: part.runs.join(',') } : {} })
  }
  async function tried<T>(work: Promise<T>): Promise<T | null> {
    try {
      return await work
    } catch (error) {
      complain(error)
      return null
    }
  }
  async function list(): Promise<void> {
    saved.value = (await tried(lab.request('comparisons.list', {}))) ?? []
    const wanted = Number(route.query['layout'])
    const found = saved.value.find(({ id }) => id === wanted)
    if (found) open(found)
  }
  function open(comparison: Comparison): void {
    current.value = comparison
    change(comparison.layout)
  }
  async function save(name: string): Promise<void> {
    const id = current.value?.name === name ? { id: current.value.id } : {}
    const kept = await tried(lab.request('comparisons.save', { ...id, name, layout: layout.value }))
    if (!kept) return
    current.value = kept
    say(`Kept as “${kept.name}”.`)
    saved.value = (await tried(lab.request('comparisons.list', {}))) ?? []
  }
  async function remove(comparison: Comparison): Promise<void> {
    await tried(lab.request('comparisons.delete', { id: comparison.id }))
    if (current.value?.id === comparison.id) current.value = null
    saved.value = saved.value.filter(({ id }) => id !== comparison.id)
  }
  watch(session, (opened) => opened > 0 && void list(), { immediate: true })
  const isChanged = computed(() => JSON.stringify(current.value?.layout) !== JSON.stringify(layout.value))
  return { layout, change, saved, current, isChanged, open, save, remove }
}

function runsOf(text: unknown): number[] {
  if (typeof text !== 'string') return []
  const ids = text.split(',').map(Number)
  return [...new Set(ids.filter((id) => Number.isInteger(id) && id > 0))].slice(0, 200)
}
