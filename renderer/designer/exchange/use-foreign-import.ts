import { onScopeDispose, shallowRef } from 'vue'
import { FOREIGN_ENDINGS, isForeignName } from '../../../shared/foreign-files'
import type { ImportReport } from '../../../shared/import-report'
import type { LibraryItem } from '../../../shared/library'
import type { JobProgress } from '../../../shared/job'
import type { GivenSource } from '../../../shared/run-files'
import { UserError } from '../../../shared/errors'
import { chosenFiles, useFileExchange } from '../../lab/file-exchange'
import { useLab } from '../../lab/lab-injection'
import { useNotices } from '../../ui/use-notices'

/** What the preload script tells of a drop; see datasets/import/use-source-drop.ts. */
interface Dropped {
  readonly type: 'normlab:dropped'
  readonly source?: GivenSource | null
}

/** What is being brought in, or has been. */
export interface ForeignImport {
  readonly name: string
  readonly progress: JobProgress | null
  readonly result: { readonly item: LibraryItem; readonly report: ImportReport } | null
  readonly problem: string | null
}

/**
 * Brings in networks that other programs wrote, with their weights, one at a time. In the app the file is chosen in the system's dialog or dropped, and the lab reads it from where it lies; in a
 * browser it is sent.
 *
 * @param put Hears of what is new in the library.
 */
export function useForeignImport(put: (items: readonly LibraryItem[]) => void) {
  const { lab } = useLab()
  const { complain } = useNotices()
  const { ask, isApp } = useFileExchange()
  const current = shallowRef<ForeignImport | null>(null)
  let cancel = (): void => undefined

  async function take({ chosen, name }: GivenSource): Promise<void> {
    const show = (what: Partial<ForeignImport>): void => {
      current.value = { name, progress: null, result: null, problem: null, ...what }
    }
    show({ progress: { phase: 'reading', done: 0, total: 0, secondsLeft: null } })
    const job = lab.start('library.take', { chosen }, (progress) => show({ progress }))
    cancel = job.cancel
    try {
      const result = await job.result
      put([result.item])
      show({ result })
    } catch (error) {
      if (current.value !== null) show({ problem: error instanceof Error ? error.message : String(error) })
    }
  }

  /** Of a browser's page: the file goes to the lab first. */
  async function send(file: File): Promise<void> {
    try {
      const answer = await ask(`./files/datasets?name=${encodeURIComponent(file.name)}`, { method: 'POST', body: file })
      if (!answer.ok) throw new UserError(await answer.text())
      await take((await answer.json()) as GivenSource)
    } catch (error) {
      complain(error)
    }
  }

  async function choose(): Promise<void> {
    try {
      if (!isApp()) {
        const [file] = await chosenFiles(Object.keys(FOREIGN_ENDINGS).join(',.'), false)
        if (file) await send(file)
        return
      }
      const source = await window.normlab!.source({ what: 'files' })
      if (source) await take(source)
    } catch (error) {
      complain(error)
    }
  }

  const onMessage = (event: MessageEvent): void => {
    const told = event.data as Dropped | null
    if (event.source !== window || told?.type !== 'normlab:dropped' || !told.source) return
    if (isForeignName(told.source.name)) void take(told.source)
  }
  window.addEventListener('message', onMessage)
  onScopeDispose(() => {
    window.removeEventListener('message', onMessage)
    cancel()
  })

  return {
    current,
    choose,
    /** Files of other programs among those that were dropped; the app hears of them by itself. @returns the others. */
    dropped(files: readonly File[]): File[] {
      const [foreign] = files.filter(({ name }) => isForeignName(name))
      if (foreign && !isApp()) void send(foreign)
      return files.filter(({ name }) => !isForeignName(name))
    },
    close(): void {
      cancel()
      current.value = null
    },
  }
}
