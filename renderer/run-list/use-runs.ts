import {
  computed,
  inject,
  onScopeDispose,
  provide,
  shallowRef,
  watch,
  type ComputedRef,
  type InjectionKey,
  type ShallowRef,
} from 'vue'
import type { SubscriptionEvent } from '../../shared/api'
import { useLab } from '../lab/lab-injection'
import { sentenceOf } from '../ui/use-notices'
import type { RunState } from '../../shared/records'
import { isActive, type Summary } from './run-state'

export interface Runs {
  /** All runs, newest first; null until the lab has answered. */
  readonly list: ComputedRef<readonly Summary[] | null>
  /** Why the lab does not tell of its runs, a sentence; null where it does. */
  readonly problem: Readonly<ShallowRef<string | null>>
  /** Asks for the list anew. */
  readonly reload: () => void
  readonly byId: Readonly<ShallowRef<ReadonlyMap<number, Summary> | null>>
  /** What is going on, in the order in which one would look: running, paused, then waiting ones as they will come. */
  readonly active: ComputedRef<readonly Summary[]>
}

const runsKey: InjectionKey<Runs> = Symbol('runs')

/** Between two showings of what only counts on, milliseconds: nobody reads faster, and all pages follow the list. */
const PROGRESS_MS = 1500

/** Whether more than a run's numbers has changed. */
function isOther(now: Summary, before: Summary | undefined): boolean {
  const told = ({ state, name, place, problem, notices, tags, note, starred, archived, pinned, progress }: Summary): string =>
    JSON.stringify([state, name, place, problem, notices.length, tags, note, starred, archived, pinned, progress.phase])
  return before === undefined || told(now) !== told(before)
}

/** Follows the lab's list of runs; once, in the shell. */
export function provideRuns(): Runs {
  const { lab, session } = useLab()
  const byId = shallowRef<ReadonlyMap<number, Summary> | null>(null)
  const problem = shallowRef<string | null>(null)
  let fresh = true
  watch(session, () => (fresh = true), { flush: 'sync' })
  let next: Map<number, Summary> | null = null
  let timer: ReturnType<typeof setTimeout> | undefined
  function show(): void {
    clearTimeout(timer)
    timer = undefined
    if (next) byId.value = next
    next = null
  }
  let release = (): void => undefined
  function follow({ runs, gone }: SubscriptionEvent<'runs.changes'>): void {
    problem.value = null
    const before = next ?? byId.value
    next = new Map(fresh ? [] : before)
    const isNews = fresh || gone.length > 0 || runs.some((run) => isOther(run, before?.get(run.id)))
    fresh = false
    for (const run of runs) next.set(run.id, run)
    for (const id of gone) next.delete(id)
    if (isNews) show()
    else timer ??= setTimeout(show, PROGRESS_MS)
  }
  function load(): void {
    release()
    fresh = true
    release = lab.subscribe('runs.changes', {}, follow, (failure) => (problem.value = sentenceOf(failure)))
  }
  load()
  onScopeDispose(() => {
    clearTimeout(timer)
    release()
  })

  const list = computed(() => (byId.value ? [...byId.value.values()].sort((a, b) => b.id - a.id) : null))
  const rank = { running: 0, paused: 1, queued: 2 } as Partial<Record<RunState, number>>
  const active = computed(() =>
    (list.value ?? [])
      .filter(({ state }) => isActive(state))
      .sort((a, b) => (rank[a.state] ?? 0) - (rank[b.state] ?? 0) || (a.place ?? 0) - (b.place ?? 0) || a.id - b.id),
  )
  const runs: Runs = { list, byId, active, problem, reload: load }
  provide(runsKey, runs)
  return runs
}

export function useRuns(): Runs {
  const runs = inject(runsKey)
  if (!runs) throw new Error('useRuns outside of the shell')
  return runs
}
