import type { RunState } from '../../../shared/records'
import type { TrainingEvent } from '../../engine/protocol'
import type { StoredRun } from '../../store/run-rows'
import type { Store } from '../../store/store'
import type { KeptPatches } from './kept-patches'
import type { LiveRun } from './live-run'
import { mistake, type RunNotices } from './run-notices'

/** What the events of a run's process change. */
export interface EventWorld {
  readonly store: Store
  readonly patches: KeptPatches
  readonly notices: RunNotices
  /** Whether the lab closes. */
  isClosing(): boolean
  /** A checkpoint was written: older ones may go. */
  prune(live: LiveRun): void
  end(live: LiveRun, state: RunState, problem: StoredRun['problem']): void
}

/** Takes in what the process of a run tells of it beside its records. */
export function applyEvent(live: LiveRun, event: TrainingEvent, world: EventWorld): void {
  const { store, patches, notices } = world
  switch (event.type) {
    case 'phase':
      live.phase = event.phase
      live.test = undefined
      return
    case 'test':
      live.test = event.progress
      return
    case 'started': {
      live.steps = event.steps
      if (event.done > 0) notices.add(live.id, event.done, `went on after step ${event.done}, from its checkpoint`)
      live.stepsPerEpoch = event.stepsPerEpoch
      const { versions } = store.runs.get(live.id)
      const { units, parameters, device, steps, stepsPerEpoch } = event
      patches.save(live.id, {
        units: [...units],
        parameters,
        device,
        steps,
        stepsPerEpoch,
        versions: { ...versions, ...event.versions },
      })
      return
    }
    case 'state':
      live.state = event.state
      patches.save(live.id, { state: event.state })
      return
    case 'notice':
      notices.add(live.id, event.step, event.message)
      return
    case 'memory':
      live.memoryBytes = event.bytes
      return
    case 'checkpoint':
      world.prune(live)
      return
    case 'ended':
      if (event.outcome === 'done' && live.isWithoutRatio)
        notices.add(
          live.id,
          live.step,
          'no ratio of any step is a number: the gradient is 0, or not finite, where each unit ends',
        )
      if (event.outcome === 'stopped' && world.isClosing()) world.end(live, 'interrupted', { message: 'NormLab was closed' })
      else world.end(live, event.outcome, null)
      return
    case 'failed': {
      const { error, divergence } = event
      if (!error.forUser) notices.log(`run ${live.id}: ${error.stack ?? error.message}`)
      const message = error.forUser ? error.message : mistake(error.message)
      world.end(live, 'failed', { message, ...(divergence && { step: divergence.step, unit: divergence.unit }) })
    }
  }
}
