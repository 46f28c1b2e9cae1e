import { onScopeDispose, shallowRef, watch, type WatchSource } from 'vue'
import { sentenceOf } from '../ui/use-notices'
import { type BeginJob, jobSlot } from './job-slot'

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
  const error = shallowRef<string | null>(null)
  const { progress, isBusy, run, cancel } = jobSlot()

  /** @param key What is asked, in words. */
  async function start(key: string, begin: BeginJob<A>): Promise<void> {
    cancel()
    error.value = null
    try {
      const found = await run(begin)
      if (found === null) return
      kept.keep(key, found)
      answer.value = found
    } catch (problem) {
      error.value = sentenceOf(problem)
    }
  }

  /** What was answered before, if anything. */
  function recall(key: string): void {
    if (!isBusy()) answer.value = kept.get(key)
  }

  watch(subject, () => {
    cancel()
    error.value = null
    answer.value = null
  })
  onScopeDispose(cancel)
  return { answer, progress, error, start, cancel, recall }
}
