import type { Ref } from 'vue'
import type { NetworkTestResult } from '../../../shared/api'
import { KeptAnswers, useAskedJob } from '../../lab/use-asked-job'
import { useLab } from '../../lab/lab-injection'

/** By run, its newest step, set and split. */
const kept = new KeptAnswers<NetworkTestResult>()

/** Tests the newest checkpoint of a run when it is asked to. */
export function useNetworkTest(run: Ref<number>, step: Ref<number>) {
  const { lab } = useLab()
  const { answer: result, start: begin, recall, ...job } = useAskedJob(kept, run)
  const keyOf = (data: string, split: string): string => JSON.stringify([run.value, step.value, data, split])
  const start = (data: string, split: string): Promise<void> =>
    begin(keyOf(data, split), (tell) => lab.start('networks.test', { weights: { run: run.value }, data, split }, tell))
  return { ...job, result, start, recall: (data: string, split: string) => recall(keyOf(data, split)) }
}
