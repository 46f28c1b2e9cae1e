import { shallowRef, type ShallowRef } from 'vue'
import { BEGINNING, type JobProgress, type RunningJob } from '../../shared/job'

/** A job that goes on while other pages are shown, one at a time. */
export interface LastingJob {
  readonly progress: ShallowRef<JobProgress | null>
  /** What is being done, for people. */
  readonly what: ShallowRef<string>
  /**
   * Begins one and waits for it.
   *
   * @returns its answer; null where it was called off, or another one goes on.
   */
  work<A>(title: string, begin: (tell: (progress: JobProgress) => void) => RunningJob<A>): Promise<A | null>
  cancel(): void
}

/** Made once, outside of any component. */
export function lastingJob(): LastingJob {
  const progress = shallowRef<JobProgress | null>(null)
  const what = shallowRef('')
  let job: RunningJob<unknown> | undefined
  function letGo(): void {
    job = undefined
    progress.value = null
  }
  return {
    progress,
    what,
    async work(title, begin) {
      if (job) return null
      what.value = title
      progress.value = BEGINNING
      const mine = begin((told) => {
        if (job === mine) progress.value = told
      })
      job = mine
      try {
        return await mine.result
      } catch (error) {
        // Who called it off knows.
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
