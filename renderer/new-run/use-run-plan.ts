import { onScopeDispose, shallowRef, watch, type Ref } from 'vue'
import type { RequestInput, RunPlan } from '../../shared/api'
import type { InitialEvent } from '../../shared/initial-measures'
import { useLab } from '../lab/lab-injection'
import { useAnswer } from '../lab/use-latest'
import { sentenceOf } from '../ui/use-notices'

/** As the lab measures networks before their training. */
const LEAST_BATCH = 2

type Asked = RequestInput<'runs.plan'>

/** What the run of the form comes to, told anew a moment after each change; and the measuring of what is not known. */
export function useRunPlan(request: Ref<RequestInput<'runs.start'> | null>) {
  const { lab, session } = useLab()
  // A wire that broke refused nothing: on the next one it is asked again.
  const key = (): string | null => request.value && `${session.value} ${JSON.stringify(request.value)}`
  const answer = useAnswer(key, tell, { wait: 250, earlier: 'goes with a failure' })
  /** Why such a run would not be started. */
  const { value: plan, error: refusal } = answer
  /** Why a step was not measured. */
  const unmeasured = shallowRef<string | null>(null)
  watch(key, () => (unmeasured.value = null))
  /** What the measuring does just now; null while nothing is measured. */
  const measuring = shallowRef<string | null>(null)
  let letGo: (() => void) | undefined

  function tell(): Promise<RunPlan> {
    const { network, data, training, execution, seed, like } = request.value!
    return lab.request('runs.plan', { network, data, training, execution, seed, like } as Asked)
  }

  /** Times a pass forward and back of this network and batch, in the background; another change of the form does not end it. */
  function measure(): void {
    if (!request.value || measuring.value !== null) return
    unmeasured.value = null
    const { network, data, training } = request.value
    const batch = training?.batch ?? 32
    if (batch < LEAST_BATCH) {
      unmeasured.value = 'A pass is measured with two images or more.'
      return
    }
    measuring.value = 'Compiling…'
    const question = { network, batch, data: data?.name ?? 'shapes10', timed: true }
    const follow = (event: InitialEvent): void => {
      if (event.state === 'working') {
        measuring.value = { waiting: 'Waiting…', compiling: 'Compiling…', measuring: 'Measuring…' }[event.phase]
        return
      }
      stop()
      if (event.state === 'refused') unmeasured.value = event.message
      else if (request.value) void answer.ask(tell)
    }
    letGo = lab.subscribe('networks.initial', question, follow, (failure) => {
      stop()
      unmeasured.value = sentenceOf(failure)
    })
  }
  function stop(): void {
    letGo?.()
    letGo = undefined
    measuring.value = null
  }
  onScopeDispose(stop)
  return { plan, refusal, unmeasured, measuring, measure, stop }
}
