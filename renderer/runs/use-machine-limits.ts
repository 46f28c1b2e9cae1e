import { computed, shallowRef } from 'vue'
import { useLab } from '../lab/lab-injection'
import { lastingJob } from '../lab/lasting-job'
import { useAnswer } from '../lab/use-latest'
import { useRuns } from '../run-list/use-runs'
import { useNotices } from '../ui/use-notices'

/** The machine is measured while other pages are shown. */
const { progress, what, work, cancel } = lastingJob()
/** How often it was measured in this sitting: each time there is something new to ask for. */
const times = shallowRef(0)

/** What the machine reaches, as it was measured once. */
export function useMachineLimits() {
  const { lab, session } = useLab()
  const { active } = useRuns()
  const { complain } = useNotices()
  /** Whether it can be measured changes with what trains. */
  const training = computed(() => active.value.flatMap(({ id, state }) => (state === 'running' ? [id] : [])).join())
  const { value: told, error } = useAnswer(
    () => `${session.value} ${times.value} ${training.value}`,
    () => lab.request('lab.limits', {}),
  )

  async function measure(): Promise<void> {
    try {
      const found = await work('Measuring', (tell) => lab.start('lab.measure-limits', {}, tell))
      if (!found) return
      told.value = { limits: found, refusal: null }
      times.value++
    } catch (problem) {
      complain(problem)
    }
  }
  return { told, error, progress, what, measure, cancel }
}
