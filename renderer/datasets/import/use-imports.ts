import { onScopeDispose, shallowRef } from 'vue'
import type { DatasetDetail, Lab } from '../../../shared/api'
import type { ImportChoices } from '../../../shared/datasets'
import type { JobProgress } from '../../../shared/job'
import type { GivenSource } from '../../../shared/run-files'
import { useLab } from '../../lab/lab-injection'
import { formatCount } from '../../ui/format'
import { sentenceOf, useNotices } from '../../ui/use-notices'

/** A source that is being brought in. */
export interface RunningImport {
  readonly id: number
  readonly name: string
  readonly progress: JobProgress | null
  /** Why it ended without a set; it stays on the page until it is closed. */
  readonly problem: string | null
  /** Calls it off, or takes its message away. */
  close(): void
}

/** Imports go on whatever page is open, so they belong to none. */
const running = shallowRef<readonly RunningImport[]>([])
/** The source that is looked at. */
const looked = shallowRef<GivenSource | null>(null)
const listeners = new Set<(set: DatasetDetail) => void>()
let next = 1

const change = (id: number, what: Partial<RunningImport>): void => {
  running.value = running.value.map((one) => (one.id === id ? { ...one, ...what } : one))
}
const leave = (id: number): void => {
  running.value = running.value.filter((one) => one.id !== id)
}

export function useImports() {
  const { lab } = useLab()
  const { say } = useNotices()

  /** Ends the looking; a source that is not brought in is let go. */
  function dismiss(): void {
    const source = looked.value
    looked.value = null
    if (source) void lab.request('datasets.unchoose', { chosen: source.chosen }).catch(() => undefined)
  }
  async function start(source: GivenSource, name: string, choices: ImportChoices): Promise<void> {
    looked.value = null
    const id = next++
    let isOff = false
    const job = lab.start('datasets.import', { chosen: source.chosen, name, choices }, (progress) => change(id, { progress }))
    const close = (): void => {
      isOff = true
      job.cancel()
      leave(id)
    }
    running.value = [...running.value, { id, name, progress: null, problem: null, close }]
    try {
      const set = await job.result
      leave(id)
      say(`“${set.name}” was imported: ${formatCount(set.splits.reduce((sum, { images }) => sum + images, 0))} images.`)
      for (const listener of listeners) listener(set)
    } catch (error) {
      if (!isOff) change(id, { problem: sentenceOf(error) })
      letGo(lab, source)
    }
  }
  return {
    running,
    looked,
    look: (source: GivenSource): void => {
      dismiss()
      looked.value = source
    },
    dismiss,
    start,
    /** Hears of every set that comes in while the caller lives. */
    onImported(listener: (set: DatasetDetail) => void): void {
      listeners.add(listener)
      onScopeDispose(() => listeners.delete(listener))
    },
  }
}

function letGo(lab: Lab, { chosen }: GivenSource): void {
  void lab.request('datasets.unchoose', { chosen }).catch(() => undefined)
}
