import type { Ref } from 'vue'
import type { JobInput, TheoryAnswer } from '../../../shared/api'
import { KeptAnswers, useAskedJob } from '../../lab/use-asked-job'
import { useLab } from '../../lab/lab-injection'

/** What is asked beside the run: the checkpoint's step, and the points at which it is linearised. */
export type TheoryAspect = Required<Pick<JobInput<'runs.theory'>, 'step' | 'mode' | 'image' | 'count'>>

const kept = new KeptAnswers<TheoryAnswer>()

/** Measures the Jacobians of a run's units when it is asked to. */
export function useTheory(run: Ref<number>) {
  const { lab } = useLab()
  const { start: begin, recall, ...job } = useAskedJob(kept, run)
  const keyOf = (aspect: TheoryAspect): string => JSON.stringify([run.value, aspect])
  const start = (aspect: TheoryAspect): Promise<void> =>
    begin(keyOf(aspect), (tell) => lab.start('runs.theory', { run: run.value, ...aspect }, tell))
  return { ...job, start, recall: (aspect: TheoryAspect) => recall(keyOf(aspect)) }
}
