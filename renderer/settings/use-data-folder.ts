import { computed, shallowRef } from 'vue'
import { UserError } from '../../shared/errors'
import type { GivenSource } from '../../shared/run-files'
import { useLab } from '../lab/lab-injection'
import { lastingJob } from '../lab/lasting-job'
import { formatBytes, formatCounted } from '../ui/format'
import { sentenceOf, useNotices } from '../ui/use-notices'
import { useOnce } from '../ui/use-once'

/** What is done to a data folder in a dialog of its own. */
export type FolderWay = 'restore' | 'move' | 'other'

/** One at a time goes on, also while other pages are shown. */
const { progress, what, work, cancel } = lastingJob()
/** A folder that is made, and on which the app may be opened again. */
const ready = shallowRef<{ readonly chosen: string; readonly moves: boolean; readonly says: string } | null>(null)

/** Backup, restoration and move of the data folder: the app's alone, as a page in a browser may not name a file of the machine. */
export function useDataFolder() {
  const { lab } = useLab()
  const { say, complain } = useNotices()
  const way = shallowRef<FolderWay | null>(null)
  const backup = shallowRef<GivenSource | null>(null)
  const folder = shallowRef<GivenSource | null>(null)
  const problem = shallowRef<string | null>(null)
  const letGo = (given: GivenSource): Promise<unknown> => lab.request('datasets.unchoose', { chosen: given.chosen })

  async function write(): Promise<void> {
    const place = await window.normlab!.source({ what: 'new-backup' })
    if (!place) return
    try {
      const written = await work('Backing up', (tell) => lab.start('keeping.backup', { chosen: place.chosen }, tell))
      if (written) say(`${formatCounted(written.runs, 'run')} and all that belongs to them, ${formatBytes(written.bytes)}, are in ${written.path}.`) // prettier-ignore
    } catch (error) {
      complain(error)
    } finally {
      await letGo(place)
    }
  }

  async function restore(from: GivenSource, to: GivenSource): Promise<void> {
    const input = { chosen: from.chosen, chosenHome: to.chosen }
    const made = await work('Restoring', (tell) => lab.start('keeping.restore', input, tell))
    if (!made) return
    const runs = formatCounted(made.runs, 'run')
    ready.value = { chosen: to.chosen, moves: false, says: `The backup with ${runs} is in ${made.home}. The folder that is open stays as it is.` } // prettier-ignore
  }
  async function move(to: GivenSource): Promise<void> {
    const made = await work('Copying', (tell) => lab.start('keeping.move', { chosenHome: to.chosen }, tell))
    if (!made) return
    ready.value = { chosen: to.chosen, moves: true, says: `All is copied to ${made.home} but the run store, which follows when NormLab closes. The folder here stays as it is.` } // prettier-ignore
  }
  /** Closes the app and opens it again. */
  async function open(chosen: string, moves: boolean): Promise<string | null> {
    try {
      return await window.normlab!.folder({ chosen, moves })
    } catch (error) {
      return sentenceOf(error)
    }
  }
  const { begin } = useOnce(async () => {
    const [asked, from, to] = [way.value, backup.value, folder.value]
    if (!asked || !to) return
    if (asked === 'other') {
      problem.value = await open(to.chosen, false)
      if (problem.value === null) way.value = null
      return
    }
    way.value = null
    ready.value = null
    try {
      if (asked === 'move') await move(to)
      else if (from) await restore(from, to)
    } catch (error) {
      complain(error)
    }
  }, complain)
  const { begin: openReady } = useOnce(async () => {
    if (!ready.value) return
    const sentence = await open(ready.value.chosen, ready.value.moves)
    if (sentence !== null) complain(new UserError(sentence))
  }, complain)
  return {
    ...{ progress, what, cancel, ready, way, backup, folder, problem, write, begin, openReady },
    isApp: window.normlab !== undefined,
    /** Whether all that the dialog asks is chosen. */
    isChosen: computed(() => folder.value !== null && (way.value !== 'restore' || backup.value !== null)),
    ask(asked: FolderWay): void {
      backup.value = folder.value = problem.value = null
      way.value = asked
    },
    async choose(asked: 'backup' | 'data-folder'): Promise<void> {
      const given = await window.normlab!.source({ what: asked })
      if (!given) return
      problem.value = null
      if (asked === 'backup') backup.value = given
      else folder.value = given
    },
  }
}
