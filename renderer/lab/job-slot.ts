import { shallowRef, type ShallowRef } from 'vue'
import { BEGINNING, type JobProgress, type RunningJob } from '../../shared/job'

/** Begins a job whose progress is told. */
export type BeginJob<A> = (tell: (progress: JobProgress) => void) => RunningJob<A>

/** Room for one job, with how far it is. */
export interface JobSlot {
  /** Null where nothing goes on. */
  readonly progress: ShallowRef<JobProgress | null>
  isBusy(): boolean
  /**
   * Begins one and waits for it.
   *
   * @returns its answer; null where it was called off.
   * @throws what it fails with; who called it off knows.
   */
  run<A>(begin: BeginJob<A>): Promise<A | null>
  cancel(): void
}

export function jobSlot(): JobSlot {
  const progress = shallowRef<JobProgress | null>(null)
  let job: RunningJob<unknown> | undefined
  function letGo(): void {
    job = undefined
    progress.value = null
  }
  return {
    progress,
    isBusy: () => job !== undefined,
    async run(begin) {
      progress.value = BEGINNING
      const mine = begin((told) => {
        if (job === mine) progress.value = told
      })
      job = mine
      try {
        const answer = await mine.result
        return job === mine ? answer : null
      } catch (error) {
        if (job === mine) throw error
        return null
      } finally {
        if (job === mine) letGo()
      }
    },
    cancel() {
      const mine = job
      letGo()
      mine?.cancel()
    },
  }
}
