import type { ShallowRef } from 'vue'
import type { JobProgress } from '../../shared/job'
import { useLab } from '../lab/lab-injection'
import { lastingJob } from '../lab/lasting-job'
import { formatBytes, formatCounted } from '../ui/format'
import { useNotices } from '../ui/use-notices'

/** A backup goes on while other pages are shown. */
const { progress, what, work, cancel } = lastingJob()

/** A backup of the data folder, where the app's dialog says; a page in a browser has none, as it may not name a file of the machine. */
export function useBackup(): {
  readonly canBackUp: boolean
  readonly progress: ShallowRef<JobProgress | null>
  readonly what: ShallowRef<string>
  write(): Promise<void>
  cancel(): void
} {
  const { lab } = useLab()
  const { say, complain } = useNotices()
  async function write(): Promise<void> {
    const place = await window.normlab!.source({ what: 'new-backup' })
    if (!place) return
    try {
      const written = await work('Backing up', (tell) => lab.start('keeping.backup', { chosen: place.chosen }, tell))
      if (written) say(`${formatCounted(written.runs, 'run')} and all that belongs to them, ${formatBytes(written.bytes)}, are in ${written.path}.`) // prettier-ignore
    } catch (error) {
      complain(error)
    } finally {
      await lab.request('datasets.unchoose', { chosen: place.chosen })
    }
  }
  return { canBackUp: window.normlab !== undefined, progress, what, write, cancel }
}
