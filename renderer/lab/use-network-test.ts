import type { Ref } from 'vue'
import type { JobInput, NetworkTestResult } from '../../shared/api'
import { KeptAnswers, useAskedJob } from './use-asked-job'
import { useLab } from './lab-injection'

/** Where weights lie that a page can test. */
type Tested = { readonly run: number } | { readonly item: number }
/** Mean and deviation in place of the set's own. */
type Standardised = Pick<JobInput<'networks.test'>, 'mean' | 'std'>

/** By weights, a run's newest step, set, split and standardisation. */
const kept = new KeptAnswers<NetworkTestResult>()

/** Tests the newest checkpoint of a run, or the weights of an item of the library, when it is asked to. */
export function useNetworkTest(weights: Readonly<Ref<Tested>>, step: Readonly<Ref<number>>) {
  const { lab } = useLab()
  const { answer: result, start: begin, recall, ...job } = useAskedJob(kept, weights)
  const keyOf = (...asked: readonly unknown[]): string => JSON.stringify([weights.value, step.value, ...asked])
  const start = (data: string, split: string, standardised: Standardised = {}): Promise<void> =>
    begin(keyOf(data, split, standardised), (tell) =>
      lab.start('networks.test', { weights: weights.value, data, split, ...standardised }, tell),
    )
  return { ...job, result, start, recall: (data: string, split: string) => recall(keyOf(data, split, {})) }
}
