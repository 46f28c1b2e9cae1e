import { onScopeDispose, shallowRef, watch, type WatchSource } from 'vue'
import { BEGINNING, type JobProgress, type RunningJob } from '../../shared/job'
import { sentenceOf } from '../ui/use-notices'

/** What jobs of one kind answered in this sitting, by what they were asked: a page that is opened again shows it at once. */
export class KeptAnswers<A> {
  private readonly answers = new Map<string, A>()

  constructor(private readonly most = 20) {}

  get(key: string): A | null {
    return this.answers.get(key) ?? null
  }

  keep(key: string, answer: A): void {
    if (this.answers.size >= this.most) this.answers.delete(this.answers.keys().next().value!)
    this.answers.set(key, answer)
  }
}

/**
 * A job that a hand begins, one at a time: what was begun before is called off.
 *
 * @param subject What it is about; where that changes, job and answer are let go of.
 */
export function useAskedJob<A>(kept: KeptAnswers<A>, subject: WatchSource<unknown>) {
  const answer = shallowRef<A | null>(null)
  const progress = shallowRef<JobProgress | null>(null)
  const error = shallowRef<string | null>(null)
  let job: RunningJob<A> | undefined

  function cancel(): void {
    const mine = job
    job = undefined
    progress.value = null
    mine?.cancel()
  }

  /** @param key What is asked, in words. */
  async function start(key: string, begin: (tell: (progress: JobProgress) => void) => RunningJob<A>): Promise<void> {
    cancel()
    error.value = null
    progress.value = BEGINNING
    const mine = begin((told) => {
      if (job === mine) progress.value = told
    })
    job = mine
    try {
      const found = await mine.result
      if (job !== mine) return
      kept.keep(key, found)
      answer.value = found
    } catch (problem) {
      if (job === mine) error.value = sentenceOf(problem)
    } finally {
      if (job === mine) {
        job = undefined
        progress.value = null
      }
    }
  }

  /** What was answered before, if anything. */
  function recall(key: string): void {
    if (!job) answer.value = kept.get(key)
  }

  watch(subject, () => {
    cancel()
    error.value = null
    answer.value = null
  })
  onScopeDispose(cancel)
  return { answer, progress, error, start, cancel, recall }
}
