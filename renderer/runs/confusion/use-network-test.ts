import { onScopeDispose, shallowRef, watch, type Ref } from 'vue'
import type { NetworkTestResult } from '../../../shared/api'
import type { JobProgress, RunningJob } from '../../../shared/job'
import { useLab } from '../../lab/lab-injection'

/** Results of this sitting, by run, its newest step, set and split: a page that is opened again shows them at once. */
const kept = new Map<string, NetworkTestResult>()
const MOST_KEPT = 20

/** Tests the newest checkpoint of a run when it is asked to. */
export function useNetworkTest(run: Ref<number>, step: Ref<number>) {
  const { lab } = useLab()
  const result = shallowRef<NetworkTestResult | null>(null)
  const progress = shallowRef<JobProgress | null>(null)
  const error = shallowRef<string | null>(null)
  let job: RunningJob<NetworkTestResult> | undefined

  function cancel(): void {
    const mine = job
    job = undefined
    progress.value = null
    mine?.cancel()
  }

  async function start(data: string, split: string): Promise<void> {
    cancel()
    error.value = null
    progress.value = { phase: 'waiting', done: 0, total: 0, secondsLeft: null }
    const key = keyOf(data, split)
    const mine = lab.start('networks.test', { weights: { run: run.value }, data, split }, (told) => {
      if (job === mine) progress.value = told
    })
    job = mine
    try {
      const found = await mine.result
      if (job !== mine) return
      if (kept.size >= MOST_KEPT) kept.delete(kept.keys().next().value!)
      kept.set(key, found)
      result.value = found
    } catch (problem) {
      if (job === mine) error.value = problem instanceof Error ? problem.message : String(problem)
    } finally {
      if (job === mine) {
        job = undefined
        progress.value = null
      }
    }
  }

  const keyOf = (data: string, split: string): string => JSON.stringify([run.value, step.value, data, split])
  /** What was found before of this choice, if anything. */
  function recall(data: string, split: string): void {
    if (!job) result.value = kept.get(keyOf(data, split)) ?? null
  }

  watch(run, () => {
    cancel()
    error.value = null
    result.value = null
  })
  onScopeDispose(cancel)
  return { result, progress, error, start, cancel, recall }
}
