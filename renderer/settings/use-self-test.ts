import { shallowRef, watch } from 'vue'
import type { RepairReport, SelfTest } from '../../shared/api'
import { useLab } from '../lab/lab-injection'
import { lastingJob } from '../lab/lasting-job'
import { useNotices } from '../ui/use-notices'

/** A test or a repair goes on while other pages are shown. */
const { progress, what, work, cancel } = lastingJob()
/** How the last test ended, and what the last repair of this sitting did. */
const test = shallowRef<SelfTest | null>(null)
const did = shallowRef<readonly string[]>([])

/** Whether this NormLab works here: another test, a repair, and how the last one ended. @param tested There is news of it. */
export function useSelfTest(tested: () => void) {
  const { lab, session } = useLab()
  const { complain } = useNotices()

  async function begin(ask: () => Promise<SelfTest | null>): Promise<void> {
    did.value = []
    try {
      const found = await ask()
      if (!found) return
      test.value = found
      tested()
    } catch (error) {
      complain(error)
    }
  }
  watch(
    session,
    async (opened) => {
      if (opened > 0) test.value = await lab.request('lab.last-self-test', {}).catch(() => null)
    },
    { immediate: true },
  )
  return {
    ...{ progress, what, test, did, cancel },
    run: () => begin(() => work('Testing', (tell) => lab.start('lab.self-test', {}, tell))),
    repair: () =>
      begin(async () => {
        const report = await work<RepairReport>('Looking for what is damaged', (tell) => lab.start('lab.repair', {}, tell))
        if (report) did.value = report.did.length > 0 ? report.did : ['There was nothing to mend.']
        return report && report.test
      }),
  }
}
