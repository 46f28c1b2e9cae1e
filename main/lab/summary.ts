import type { RunSummary } from '../../shared/api'
import type { Configuration } from '../../shared/configuration'
import { smallestBoundConstant } from '../../shared/norms/bound'
import { blockRatios, meanDeviation } from '../../shared/norms/step-measures'
import type { EpochRecord, RunState, Unit } from '../../shared/records'
import { comingEpochs } from '../../shared/run-length'
import { flatSettings } from '../../shared/settings-text'
import { lastValues } from '../store/last-values'
import type { StoredRun } from '../store/run-rows'
import { sparkline } from '../store/series'
import type { Store } from '../store/store'
import { type LiveRun, type Progress, lastMeasured } from './live-run'
import { median } from './progress'

/** A run's summary from the store and, where it is going on in this lab, from its state of the moment. */
export function summarise(run: StoredRun, live: LiveRun | undefined, place: number | null, store: Store): RunSummary {
  const {
    owner: _owner,
    ownerPid: _pid,
    comesBack: _,
    units,
    settings,
    notices,
    tags,
    unreadable,
    steps,
    stepsPerEpoch,
    ...told
  } = run
  const common = {
    ...told,
    notices: [...notices],
    tags: [...tags],
    unreadable: [...unreadable],
    place,
    unitCount: units.length,
    blocks: units.filter(({ kind }) => kind === 'block').length,
    settings: toldSettings(settings, stepsPerEpoch),
    measures: epochMeasures(store.epochs.last(run.id), store.epochs.bestTestAccuracy(run.id), units),
  }
  if (live)
    return {
      ...common,
      state: live.state,
      progress: live.progress(),
      last: live.last,
      spark: sparkline(store, run.id, live.lastStored),
    }
  const values = lastValues(store, run.id)
  const step = values.step?.step ?? 0
  const progress: Progress = {
    phase: phaseOf(run.state, step),
    step,
    steps,
    stepsPerEpoch,
    stepMs: median(values.ms),
    secondsLeft: null,
    memoryBytes: null,
  }
  return { ...common, progress, last: lastMeasured(values), spark: sparkline(store, run.id, step) }
}

/** The settings by their paths; the epochs of a run given in steps are those that its steps make. */
function toldSettings(settings: StoredRun['settings'], stepsPerEpoch: number): RunSummary['settings'] {
  const flat = flatSettings(settings)
  const { 'training.epochs': epochs, 'training.steps': steps } = flat
  if (typeof epochs !== 'number' || typeof steps !== 'number') return flat
  return { ...flat, 'training.epochs': comingEpochs({ epochs, steps }, stepsPerEpoch) }
}

/** Likewise the configuration itself. */
export function toldConfiguration(configuration: Configuration, stepsPerEpoch: number): Configuration {
  const { training } = configuration
  return { ...configuration, training: { ...training, epochs: comingEpochs(training, stepsPerEpoch) } }
}

function epochMeasures(epoch: EpochRecord | undefined, best: number | null, units: readonly Unit[]): RunSummary['measures'] {
  if (!epoch)
    return {
      ...{ epoch: 0, trainLoss: null, trainAccuracy: null, testLoss: null, bestTestAccuracy: null },
      ...{ deviation: null, coveringC: null },
    }
  const blocks = blockRatios(epoch.ratios.mean, units)
  const { trainLoss, trainAccuracy, testLoss } = epoch
  return {
    ...{ epoch: epoch.epoch, trainLoss, trainAccuracy, testLoss, bestTestAccuracy: best },
    deviation: blocks.length > 0 ? meanDeviation(blocks) : null,
    coveringC: blocks.length > 0 ? smallestBoundConstant(blocks) : null,
  }
}

/** All that can be said about a run that another process trains. */
function phaseOf(state: RunState, step: number): Progress['phase'] {
  if (state === 'queued') return 'queued'
  if (state === 'running' || state === 'paused') return step > 0 ? 'train' : 'data'
  return 'ended'
}
