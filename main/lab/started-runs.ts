import type { Cell } from '../../shared/experiments/experiment'
import type { Checkpoints } from '../store/checkpoints'
import { purgeRun } from '../store/deleted-runs'
import type { Ownership } from '../store/ownership'
import type { Store } from '../store/store'
import type { RunQueue } from './queue/run-queue'
import { labSetting } from './settings'
import type { planRun } from './start'
import { versions } from './version'

type Planned = ReturnType<typeof planRun>

/** How a run is called, and the cell of an experiment that it is. */
interface Told {
  readonly name: string
  readonly experiment?: number
  readonly cell?: Cell
}

interface World {
  readonly store: Store
  readonly checkpoints: Checkpoints
  readonly ownership: Ownership
  readonly owner: { readonly owner: string; readonly ownerPid: number }
  readonly queue: RunQueue
}

/** Makes runs of what was planned: those that are kept for another place, and those that wait for their turn here. */
export function startedRuns({ store, checkpoints, ownership, owner, queue }: World) {
  /** The device of a new run: what `auto` means on this data folder. */
  const deviceOf = (asked: string): string => (asked === 'auto' ? labSetting(store, 'device') : asked)

  const keep = ({ configuration, network }: Pick<Planned, 'configuration' | 'network'>, told: Told): number => {
    ownership.require()
    const { units, parameters } = network
    return store.runs.create({ ...told, configuration, units, parameters, versions: versions(), ...owner })
  }

  /** @param prepare Makes ready what the run begins with; where it throws, there is no run. */
  const enqueue = (
    { configuration: planned, network, warning }: Planned,
    told: Told,
    prepare?: (run: number) => void,
  ): number => {
    const threads = planned.execution.threads ?? (labSetting(store, 'threads') || undefined)
    const device = deviceOf(planned.execution.device)
    const configuration = { ...planned, execution: { ...planned.execution, device, ...(threads !== undefined && { threads }) } }
    const run = keep({ configuration, network }, told)
    try {
      prepare?.(run)
    } catch (error) {
      purgeRun(store, checkpoints, run)
      throw error
    }
    if (warning !== undefined) store.runs.addNotice(run, { step: 0, at: new Date().toISOString(), message: warning })
    queue.add(run, configuration)
    return run
  }
  return { deviceOf, keep, enqueue }
}
