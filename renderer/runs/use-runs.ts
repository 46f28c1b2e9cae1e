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
import { useLab } from '../lab/lab-injection'
import type { RunState } from '../../shared/records'
import { isActive, type Summary } from './run-state'

export interface Runs {
  /** All runs, newest first; null until the lab has answered. */
  readonly list: ComputedRef<readonly Summary[] | null>
  readonly byId: Readonly<ShallowRef<ReadonlyMap<number, Summary> | null>>
  /** What is going on, in the order in which one would look: running, paused, then waiting ones as they will come. */
  readonly active: ComputedRef<readonly Summary[]>
}

const runsKey: InjectionKey<Runs> = Symbol('runs')

/** Follows the lab's list of runs; once, in the shell. */
export function provideRuns(): Runs {
  const { lab, session } = useLab()
  const byId = shallowRef<ReadonlyMap<number, Summary> | null>(null)
  let fresh = true
  watch(session, () => (fresh = true), { flush: 'sync' })
  const release = lab.subscribe('runs.changes', {}, ({ runs, gone }) => {
    const next = new Map(fresh ? [] : byId.value)
    fresh = false
    for (const run of runs) next.set(run.id, run)
    for (const id of gone) next.delete(id)
    byId.value = next
  })
  onScopeDispose(release)

  const list = computed(() => (byId.value ? [...byId.value.values()].sort((a, b) => b.id - a.id) : null))
  const rank = { running: 0, paused: 1, queued: 2 } as Partial<Record<RunState, number>>
  const active = computed(() =>
    (list.value ?? [])
      .filter(({ state }) => isActive(state))
      .sort((a, b) => (rank[a.state] ?? 0) - (rank[b.state] ?? 0) || (a.place ?? 0) - (b.place ?? 0) || a.id - b.id),
  )
  const runs: Runs = { list, byId, active }
  provide(runsKey, runs)
  return runs
}

export function useRuns(): Runs {
  const runs = inject(runsKey)
  if (!runs) throw new Error('useRuns outside of the shell')
  return runs
}
