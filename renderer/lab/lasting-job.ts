import { shallowRef, type ShallowRef } from 'vue'
import { type BeginJob, jobSlot, type JobSlot } from './job-slot'

/** A job that goes on while other pages are shown, one at a time. */
export interface LastingJob extends Pick<JobSlot, 'progress' | 'cancel'> {
  /** What is being done, for people. */
  readonly what: ShallowRef<string>
  /**
   * Begins one and waits for it.
   *
   * @returns its answer; null where it was called off, or another one goes on.
   */
  work<A>(title: string, begin: BeginJob<A>): Promise<A | null>
}

/** Made once, outside of any component. */
export function lastingJob(): LastingJob {
  const { progress, isBusy, run, cancel } = jobSlot()
  const what = shallowRef('')
  return {
    ...{ progress, what, cancel },
    async work(title, begin) {
      if (isBusy()) return null
      what.value = title
      return run(begin)
    },
  }
}
