import type { RunSummary } from '../../shared/api'
import type { RunState } from '../../shared/records'
import type { StoredRun } from '../store/rows'
import type { Store } from '../store/store'
import { type LiveRun, type Progress, lastMeasured } from './live-run'
import { median } from './progress'

/** A run's summary from the store and, where it is going on in this lab, from its state of the moment. */
export function summarise(run: StoredRun, live: LiveRun | undefined, place: number | null, store: Store): RunSummary {
  const { owner: _owner, ownerPid: _pid, comesBack: _, notices, steps, stepsPerEpoch, ...told } = run
  if (live) return { ...told, notices: [...notices], place, state: live.state, progress: live.progress(), last: live.last }
  const values = store.lastValues(run.id)
  const step = values.step?.step ?? 0
  const progress: Progress = {
    phase: phaseOf(run.state, step),
    step,
    steps,
    stepsPerEpoch,
    stepMs: median(values.ms),
    secondsLeft: null,
  }
  return { ...told, notices: [...notices], place, progress, last: lastMeasured(values) }
}

/** All that can be said about a run that another process trains. */
function phaseOf(state: RunState, step: number): Progress['phase'] {
  if (state === 'queued') return 'queued'
  if (state === 'running' || state === 'paused') return step > 0 ? 'train' : 'data'
  return 'ended'
}
