import { onScopeDispose, shallowRef } from 'vue'
import type { DatasetDetail, Lab } from '../../../shared/api'
import type { ImportChoices } from '../../../shared/datasets/import-choices'
import type { PreparationStep } from '../../../shared/datasets/preparation'
import type { JobProgress, RunningJob } from '../../../shared/job'
import type { GivenSource } from '../../../shared/run-files'
import { useRouter } from 'vue-router'
import { useLab } from '../../lab/lab-injection'
import { formatCounted } from '../../ui/format'
import { sentenceOf, useNotices } from '../../ui/use-notices'

/** A set that is being made. */
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
  const router = useRouter()

  /** Ends the looking; a source that is not brought in is let go. */
  function dismiss(): void {
    const source = looked.value
    looked.value = null
    if (source) void lab.request('datasets.unchoose', { chosen: source.chosen }).catch(() => undefined)
  }
  /** Follows work that makes a set. @returns whether it did. */
  async function follow(
    name: string,
    verb: 'imported' | 'prepared' | 'made',
    begin: (tell: (progress: JobProgress) => void) => RunningJob<DatasetDetail>,
  ): Promise<boolean> {
    const id = next++
    let isOff = false
    const job = begin((progress) => change(id, { progress }))
    const close = (): void => {
      isOff = true
      job.cancel()
      leave(id)
    }
    running.value = [...running.value, { id, name, progress: null, problem: null, close }]
    try {
      const set = await job.result
      leave(id)
      const images = set.splits.reduce((sum, split) => sum + split.images, 0)
      say(`“${set.name}” was ${verb}: ${formatCounted(images, set.vectors ? 'vector' : 'image')}.`, {
        label: 'Open',
        perform: () => router.push({ name: 'dataset', params: { name: set.name } }),
      })
      for (const listener of listeners) listener(set)
      return true
    } catch (error) {
      if (!isOff) change(id, { problem: sentenceOf(error) })
      return false
    }
  }
  async function start(source: GivenSource, name: string, choices: ImportChoices): Promise<void> {
    looked.value = null
    const { chosen } = source
    const isIn = await follow(name, 'imported', (tell) => lab.start('datasets.import', { chosen, name, choices }, tell))
    if (!isIn) letGo(lab, source)
  }
  async function prepare(source: string, name: string, steps: PreparationStep[]): Promise<void> {
    await follow(name, 'prepared', (tell) => lab.start('datasets.prepare', { source, name, steps }, tell))
  }
  async function create(made: string, name: string): Promise<void> {
    await follow(name, 'made', (tell) => lab.start('datasets.create', { made, name }, tell))
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
    /** Makes a set of another one. */
    prepare,
    /** Makes a set by program, by its words. */
    create,
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
