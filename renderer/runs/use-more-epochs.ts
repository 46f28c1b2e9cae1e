import { computed, type Ref, shallowRef, watch } from 'vue'
import type { RunDetail } from '../../shared/api'
import { hasEnd, prolonged, scheduleChange } from '../../shared/schedules/rate'
import { useLab } from '../lab/lab-injection'
import { useNotices } from '../ui/use-notices'

/** Another number of epochs for a run that has ended, and what it does to its schedule. */
export function useMoreEpochs(run: Ref<number>, open: Ref<boolean>) {
  const { lab } = useLab()
  const { complain } = useNotices()
  const detail = shallowRef<RunDetail | null>(null)
  const epochs = shallowRef('')
  const keeps = shallowRef(false)

  watch(open, async (isOpen) => {
    detail.value = null
    keeps.value = false
    if (!isOpen) return
    try {
      detail.value = await lab.request('runs.show', { run: run.value })
      epochs.value = String(2 * Math.ceil(detail.value.progress.steps / Math.max(1, detail.value.progress.stepsPerEpoch)))
    } catch (error) {
      complain(error)
    }
  })

  const wanted = computed(() => (/^\d{1,6}$/.test(epochs.value.trim()) ? Number(epochs.value) : undefined))
  const problem = computed(() => {
    if (!detail.value) return undefined
    const { step, stepsPerEpoch } = detail.value.progress
    if (wanted.value === undefined || wanted.value < 1 || wanted.value > 100_000) return 'a whole number from 1 to 100,000'
    return wanted.value * stepsPerEpoch <= step ? `the run has ${step} steps of these already` : undefined
  })
  /** Whether there is a schedule whose end can be kept. */
  const canKeep = computed(() => detail.value !== null && hasEnd(detail.value.configuration.training))
  const change = computed(() => {
    if (!detail.value || problem.value !== undefined) return undefined
    const { configuration, progress } = detail.value
    const after = prolonged(configuration.training, { epochs: wanted.value }, keeps.value, progress.stepsPerEpoch)
    return scheduleChange(configuration.training, after, progress.step, progress.stepsPerEpoch)
  })

  /** @returns whether the run goes on. */
  async function goOn(): Promise<boolean> {
    if (wanted.value === undefined || problem.value !== undefined) return false
    try {
      await lab.request('runs.resume', { run: run.value, epochs: wanted.value, keepSchedule: keeps.value })
      return true
    } catch (error) {
      complain(error)
      return false
    }
  }
  return { epochs, keeps, problem, canKeep, change, isReady: computed(() => detail.value !== null), goOn }
}
