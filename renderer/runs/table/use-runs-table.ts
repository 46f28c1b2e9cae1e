import { useStorage } from '@vueuse/core'
import { computed, shallowRef, watch, type Ref } from 'vue'
import type { Summary } from '../../run-list/run-state'
import { settings as declared } from '../../../shared/settings'
import { allColumns, columnOf, DEFAULT_COLUMNS, isColumn } from './columns'
import { parseFilter } from './filter'
import { FilterError, type Fits } from './filter-error'
import { FilterFields } from './filter-fields'
import { groupRuns, orderRuns, type Order } from './order'

/** What the table shows of all runs: columns, order, filter, groups, and which runs are marked. Kept from one day to the next. */
export function useRunsTable(runs: Ref<readonly Summary[]>, held: Ref<boolean>) {
  const columns = useStorage<string[]>('normlab.runs-columns', [...DEFAULT_COLUMNS])
  const order = useStorage<Order>('normlab.runs-order', { column: 'age', descending: false })
  const group = useStorage<string | null>('normlab.runs-group', null)
  const showArchived = useStorage('normlab.runs-archived', false)
  const filter = shallowRef('')
  const folded = shallowRef<ReadonlySet<string>>(new Set())
  const checked = shallowRef<ReadonlySet<number>>(new Set())
  const problem = shallowRef<string | null>(null)
  const fits = shallowRef<Fits>(() => true)

  const paths = computed<readonly string[]>((before) => {
    const now = [
      ...new Set([
        'network',
        ...declared.map(({ path }) => path),
        ...runs.value.flatMap(({ settings }) => Object.keys(settings)),
      ]),
    ]
    return before?.length === now.length && now.every((path, i) => path === before[i]) ? before : now
  })
  const fields = computed(() => new FilterFields(paths.value))
  watch([filter, fields], ([text, known]) => {
    try {
      fits.value = parseFilter(text, known)
      problem.value = null
    } catch (error) {
      if (!(error instanceof FilterError)) throw error
      // While it is being written the rows stay; a filter that is wrong shows none, so that nothing is done to runs it did not mean.
      if (!error.isUnfinished) fits.value = () => false
      problem.value = `In the filter, at character ${error.at + 1}: ${error.message}`
    }
  })
  const asksArchived = computed(() => /is:archived/i.test(filter.value))
  const found = computed(() =>
    runs.value.filter((run) => (showArchived.value || asksArchived.value || !run.archived) && fits.value(run)),
  )
  /** The order as it was when the pointer came: live values change in place, rows do not run away. */
  const ordered = shallowRef<readonly Summary[]>([])
  watch(
    [found, order, held],
    ([now, by, isHeld], before) => {
      const isSameQuestion = before[1] === by && before[0]?.length === now.length
      if (!isHeld || !isSameQuestion) {
        ordered.value = orderRuns(now, by)
        return
      }
      const byId = new Map(now.map((run) => [run.id, run]))
      const kept = ordered.value.flatMap((run) => byId.get(run.id) ?? [])
      ordered.value = kept.length === now.length ? kept : orderRuns(now, by)
    },
    { immediate: true },
  )
  const lines = computed(() => groupRuns(ordered.value, group.value, folded.value))
  watch(runs, (now) => {
    const there = new Set(now.map(({ id }) => id))
    if ([...checked.value].some((id) => !there.has(id))) checked.value = new Set([...checked.value].filter((id) => there.has(id)))
  })

  const known = computed(() => allColumns(runs.value))
  function sortBy(column: string): void {
    const isSame = order.value.column === column
    const first = column === 'age' || !isColumn(column) || columnOf(column).format === undefined
    order.value = { column, descending: isSame ? !order.value.descending : !first }
  }
  function toggleColumn(key: string): void {
    columns.value = columns.value.includes(key) ? columns.value.filter((one) => one !== key) : [...columns.value, key]
  }
  function fold(text: string): void {
    const next = new Set(folded.value)
    if (!next.delete(text)) next.add(text)
    folded.value = next
  }
  let anchor: number | null = null
  /** Marks a run, or with a range all from the last marked one to it. */
  function check(id: number, range: boolean): void {
    const next = new Set(checked.value)
    const ids = rows.value.map((run) => run.id)
    const [from, to] = [anchor === null ? -1 : ids.indexOf(anchor), ids.indexOf(id)]
    if (range && from >= 0) for (const one of ids.slice(Math.min(from, to), Math.max(from, to) + 1)) next.add(one)
    else if (!next.delete(id)) next.add(id)
    anchor = id
    checked.value = next
  }
  const rows = computed(() => lines.value.flatMap((line) => (line.kind === 'run' ? [line.run] : [])))
  /** Marked runs that can be seen: what is done to marked ones is done to these alone. */
  const marked = computed(() => rows.value.filter(({ id }) => checked.value.has(id)))
  /** Marked ones that the filter, a folded group or the archive hides. */
  const hidden = computed(() => {
    const seen = new Set(marked.value.map(({ id }) => id))
    return runs.value.filter(({ id }) => checked.value.has(id) && !seen.has(id))
  })
  const allMarked = computed(() => rows.value.length > 0 && marked.value.length === rows.value.length)
  /** All that can be seen, or none of those; what is hidden keeps its mark. */
  function checkAll(): void {
    const next = new Set(checked.value)
    const all = allMarked.value
    for (const { id } of rows.value)
      if (all) next.delete(id)
      else next.add(id)
    checked.value = next
  }
  /** Takes away what hides marked runs. */
  function showMarked(): void {
    filter.value = ''
    folded.value = new Set()
    if (hidden.value.some(({ archived }) => archived)) showArchived.value = true
  }
  return {
    ...{ columns, order, group, showArchived, filter, fields, problem, found, lines, rows, checked, marked, hidden, allMarked },
    ...{ known, folded, showMarked },
    ...{ sortBy, toggleColumn, fold, check, checkAll },
    resetColumns: () => (columns.value = [...DEFAULT_COLUMNS]),
    /** Takes the mark off these. */
    uncheck: (these: readonly Summary[]) => {
      const gone = new Set(these.map(({ id }) => id))
      checked.value = new Set([...checked.value].filter((id) => !gone.has(id)))
    },
  }
}
