import { computed, watch } from 'vue'
import type { DepthAnswer } from '../../shared/api'
import { needsDepthLaw } from '../../shared/experiments/expectation'
import type { Experiment } from '../../shared/experiments/experiment'
import { KeptAnswers, useAskedJob } from '../lab/use-asked-job'
import { useLab } from '../lab/lab-injection'
import type { Summary } from '../run-list/run-state'

const kept = new KeptAnswers<DepthAnswer>()

/**
 * σ₁ of the residual Jacobians of an experiment's runs, where its claim is about them: asked for by itself once all of them are done, and of those that
 * are by hand before.
 */
export function useDepths(experiment: () => Experiment, runs: () => ReadonlyMap<number, Summary>) {
  const { lab } = useLab()
  const isNeeded = computed(() => needsDepthLaw(experiment().definition.expects))
  const done = computed(() =>
    isNeeded.value
      ? experiment().cells.flatMap(({ run }) => (run !== null && runs().get(run)?.state === 'done' ? [run] : []))
      : [],
  )
  const isWhole = computed(() => done.value.length > 0 && done.value.length === experiment().cells.length)
  const { start: begin, recall, ...job } = useAskedJob(kept, () => experiment().id)
  const start = (): Promise<void> => begin(done.value.join(), (tell) => lab.start('runs.depth-law', { runs: done.value }, tell))
  watch(
    () => done.value.join(),
    (key) => {
      recall(key)
      if (isWhole.value && job.answer.value === null) void start()
    },
    { immediate: true },
  )
  return { ...job, start, isNeeded, done, isWhole }
}
