import { shallowRef } from 'vue'
import type { JobProgress, RunningJob } from '../../shared/job'
import { DATASET_FORMAT } from '../../shared/run-files'
import { save } from '../lab/save-file'
import { useFileExchange } from '../lab/file-exchange'
import { useLab } from '../lab/lab-injection'
import { useRuns } from '../run-list/use-runs'
import { useNotices } from '../ui/use-notices'

/** What is going on with a set. */
export interface SetWork {
  readonly name: string
  readonly what: 'Checking' | 'Exporting'
  readonly progress: JobProgress | null
  cancel(): void
}

/** What can be done with a data set as a whole. `changed` is called when the list is another one. */
export function useDatasetActions(changed: () => unknown) {
  const { lab } = useLab()
  const { say, complain } = useNotices()
  const { told, isApp, inApp, ask } = useFileExchange()
  const { list: runs } = useRuns()
  const work = shallowRef<SetWork | null>(null)

  /** How many runs were made with it. */
  const usedBy = (name: string): number => (runs.value ?? []).filter(({ dataset }) => dataset === name).length

  async function restore(name: string): Promise<void> {
    try {
      await lab.request('datasets.restore', { name })
      changed()
    } catch (error) {
      complain(error)
    }
  }
  async function remove(name: string): Promise<boolean> {
    try {
      await lab.request('datasets.delete', { name })
      changed()
      const count = usedBy(name)
      const runsOf =
        count === 0
          ? ''
          : ` ${count === 1 ? 'A run' : `${count} runs`} used it: ${count === 1 ? 'it stays' : 'they stay'}, and cannot go on without it.`
      say(`“${name}” was deleted.${runsOf}`, { label: 'Undo', perform: () => restore(name) })
      return true
    } catch (error) {
      complain(error)
      return false
    }
  }
  async function verify(name: string): Promise<void> {
    const job: RunningJob<{ hash: string }> = lab.start('datasets.verify', { name }, (progress) => {
      if (work.value?.name === name) work.value = { ...work.value, progress }
    })
    work.value = { name, what: 'Checking', progress: null, cancel: () => job.cancel() }
    try {
      const { hash } = await job.result
      say(`“${name}” is as it was imported, byte by byte (${hash.slice(0, 12)}…).`)
    } catch (error) {
      complain(error)
    } finally {
      work.value = null
    }
  }
  async function download(name: string): Promise<string> {
    const answer = await ask(`./files/datasets/${encodeURIComponent(name)}.${DATASET_FORMAT}`)
    if (!answer.ok) return answer.text()
    await save(`${name}.${DATASET_FORMAT}`, await answer.blob())
    return 'The file is on its way to your downloads.'
  }
  async function take(name: string): Promise<void> {
    work.value = { name, what: 'Exporting', progress: null, cancel: () => undefined }
    await told(() => (isApp() ? inApp({ kind: 'export-dataset', name }) : download(name)))
    work.value = null
  }
  return { work, usedBy, remove, verify, take }
}
