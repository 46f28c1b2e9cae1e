import { computed, watch } from 'vue'
import { figuresFor } from '../../shared/experiments/expectation'
import type { Experiment } from '../../shared/experiments/experiment'
import { figureWords, measureFigures } from '../../shared/experiments/figures'
import type { Figures } from '../../shared/experiments/judged-cell'
import { KeptAnswers, useAskedJob } from '../lab/use-asked-job'
import { useLab } from '../lab/lab-injection'
import type { Summary } from '../run-list/run-state'

const kept = new KeptAnswers<Figures>()

/**
 * Figures of an experiment's runs that no record holds, where its claim is about them: asked for by themselves once all runs are done, and of those that
 * are by hand before.
 */
export function useFigures(experiment: () => Experiment, runs: () => ReadonlyMap<number, Summary>) {
  const { lab } = useLab()
  const kinds = computed(() => figuresFor(experiment().definition.expects))
  const isNeeded = computed(() => kinds.value.size > 0)
  const what = computed(() => figureWords(kinds.value))
  const done = computed(() =>
    isNeeded.value
      ? experiment().cells.flatMap(({ run }) => (run !== null && runs().get(run)?.state === 'done' ? [run] : []))
      : [],
  )
  const isWhole = computed(() => done.value.length > 0 && done.value.length === experiment().cells.length)
  const { start: begin, recall, ...job } = useAskedJob(kept, () => experiment().id)
  const start = (): Promise<void> => begin(done.value.join(), (tell) => measureFigures(lab, kinds.value, done.value, tell))
  watch(
    () => done.value.join(),
    (key) => {
      recall(key)
      if (isWhole.value && job.answer.value === null) void start()
    },
    { immediate: true },
  )
  return { ...job, start, isNeeded, what, done, isWhole }
}
