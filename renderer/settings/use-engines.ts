import { shallowRef, watch } from 'vue'
import type { EngineKind, EngineUse, Engines } from '../../shared/api'
import type { JobProgress, RunningJob } from '../../shared/job'
import { useLab } from '../lab/lab-injection'
import { lastingJob } from '../lab/lasting-job'
import { useNotices } from '../ui/use-notices'

/** What is installed or fetched goes on while other pages are shown. */
const { progress, what, work: perform, cancel } = lastingJob()

/** The engines of the data folder: which is used, what is installed, and what is on its way. */
export function useEngines() {
  const { lab, session } = useLab()
  const { say, complain } = useNotices()
  const engines = shallowRef<Engines | null>(null)

  async function ask(change: () => Promise<Engines>): Promise<void> {
    try {
      engines.value = await change()
    } catch (error) {
      complain(error)
    }
  }
  const look = (): Promise<void> => ask(() => lab.request('engine.list', {}))
  watch(session, (opened) => opened > 0 && void look(), { immediate: true })

  async function work(
    title: string,
    begin: (tell: (progress: JobProgress) => void) => RunningJob<{ kind: EngineKind; engines: Engines }>,
  ): Promise<void> {
    try {
      const done = await perform(title, begin)
      if (done) say(`The engine for the ${done.kind.toUpperCase()} is installed.`)
    } catch (error) {
      complain(error)
    } finally {
      await look()
    }
  }

  return {
    ...{ engines, progress, what, look },
    use: (use: EngineUse) => ask(() => lab.request('engine.use', { use })),
    remove: (kind: EngineKind) => ask(() => lab.request('engine.remove', { kind })),
    fetch: (kind: EngineKind) => work('Fetching the engine', (tell) => lab.start('engine.fetch', { kind }, tell)),
    /** The app's alone: a browser sends no gigabytes, and names no file. */
    async install(): Promise<void> {
      const source = await window.normlab!.source({ what: 'files' })
      if (!source) return
      await work('Installing the engine', (tell) => lab.start('engine.install', { chosen: source.chosen }, tell))
      await lab.request('datasets.unchoose', { chosen: source.chosen })
    },
    cancel,
  }
}
