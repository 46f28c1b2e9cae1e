import { runTitles } from '../../shared/run-labels'
import { useLab } from '../lab/lab-injection'
import { formatMoment } from '../ui/format'
import { useNotices } from '../ui/use-notices'

interface Named {
  readonly id: number
  readonly name: string
}

/** Takes runs out of the list, brings them back, ends them; each tells afterwards which ones. */
export function useRunRemoval() {
  const { lab } = useLab()
  const { say, complain } = useNotices()

  /** Does it to one after another; those that it was done to, also where one could not be. */
  async function each(runs: readonly Named[], perform: (run: number) => Promise<unknown>): Promise<readonly Named[]> {
    const done: Named[] = []
    try {
      for (const run of runs) {
        await perform(run.id)
        done.push(run)
      }
    } catch (error) {
      complain(error)
    }
    return done
  }
  async function restore(runs: readonly Named[]): Promise<void> {
    const done = await each(runs, (run) => lab.request('runs.restore', { run }))
    if (done.length > 0) say(`Restored: ${runTitles(done)}.`)
  }
  async function remove(runs: readonly Named[]): Promise<void> {
    let until: string | null = null
    const done = await each(runs, async (run) => (until = (await lab.request('runs.delete', { run })).purgedAt))
    if (done.length === 0) return
    const end = until === null ? '' : ` ${done.length === 1 ? 'It' : 'They'} can be restored until ${formatMoment(until)}.`
    say(`Deleted: ${runTitles(done)}.${end}`, { label: 'Undo', perform: () => restore(done) })
  }
  async function purge(runs: readonly Named[]): Promise<void> {
    const done = await each(runs, (run) => lab.request('runs.purge', { runs: [run] }))
    if (done.length > 0) say(`Gone for good: ${runTitles(done)}.`)
  }
  return { remove, restore, purge }
}
