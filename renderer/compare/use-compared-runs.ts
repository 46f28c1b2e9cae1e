import { onScopeDispose, shallowRef, watch, type Ref } from 'vue'
import { wholeCurves } from '../lab/curves'
import { useLab } from '../lab/lab-injection'
import { useLatest } from '../lab/use-latest'
import { useRuns } from '../run-list/use-runs'
import { isActive } from '../run-list/run-state'
import type { ComparedRun } from './compared-run'

/** Milliseconds between two drawings while runs are loaded. */
const SHOW_MS = 3000
/** Milliseconds between two readings of runs that go on. */
const AGAIN_MS = 5000

/** The chosen runs, each loaded once; those that go on are read again now and then. Runs that are gone are left out. */
export function useComparedRuns(ids: Ref<readonly number[]>) {
  const { lab, session } = useLab()
  const { byId } = useRuns()
  const loaded = shallowRef<ReadonlyMap<number, ComparedRun>>(new Map())
  const { error, ask } = useLatest<unknown>()
  const left = shallowRef(0)

  async function load(run: number, isWanted: () => boolean): Promise<ComparedRun> {
    const [detail, epochs] = await Promise.all([lab.request('runs.show', { run }), lab.request('runs.epochs', { run })])
    return { run: detail, curves: await wholeCurves(lab, run, detail.progress.step, isWanted), epochs }
  }
  const refresh = (wanted: readonly number[]): Promise<boolean> => ask((isLatest) => read(wanted, isLatest))
  async function read(wanted: readonly number[], isLatest: () => boolean): Promise<void> {
    error.value = null
    left.value = wanted.length
    const found = new Map(loaded.value)
    const problems: unknown[] = []
    let shownAt = performance.now()
    const one = async (id: number): Promise<void> => {
      const run = await load(id, isLatest).catch((problem: unknown) => {
        problems.push(problem)
        return null
      })
      if (!isLatest()) return
      if (run) found.set(id, run)
      else found.delete(id)
      left.value--
      // All charts are drawn again each time, so not for every run.
      if (left.value > 0 && performance.now() - shownAt < SHOW_MS) return
      loaded.value = new Map(found)
      shownAt = performance.now()
    }
    await Promise.all(wanted.map(one))
    if (problems.length > 0) throw problems[0]
  }
  watch(
    [ids, session],
    ([wanted, opened], before) => {
      if (opened === 0) return
      const isNewSession = before?.[1] !== opened
      const kept = new Map([...loaded.value].filter(([id]) => !isNewSession && wanted.includes(id)))
      loaded.value = kept
      void refresh(wanted.filter((id) => !kept.has(id)))
    },
    { immediate: true },
  )
  const timer = setInterval(() => {
    const going = ids.value.filter((id) => {
      const now = byId.value?.get(id)
      return now && (isActive(now.state) || now.progress.step !== loaded.value.get(id)?.run.progress.step)
    })
    if (left.value === 0 && going.length > 0 && document.visibilityState === 'visible') void refresh(going)
  }, AGAIN_MS)
  onScopeDispose(() => clearInterval(timer))
  return { loaded, left, error }
}
