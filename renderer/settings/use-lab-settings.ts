import { onMounted, shallowRef } from 'vue'
import { useLab } from '../lab/lab-injection'
import { useNotices } from '../ui/use-notices'

/** The lab's own settings, as it has them; a change is asked of it at once. */
export function useLabSettings() {
  const { lab } = useLab()
  const { complain } = useNotices()
  const parallelRuns = shallowRef<number | null>(null)

  async function configure(change: { parallelRuns?: number }): Promise<void> {
    try {
      parallelRuns.value = (await lab.request('lab.configure', change)).parallelRuns
    } catch (error) {
      complain(error)
    }
  }
  onMounted(() => configure({}))
  return { parallelRuns, configure }
}
