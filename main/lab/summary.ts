import type { RunSummary } from '../../shared/api'
import type { Configuration } from '../../shared/configuration'
import { stepMeasures } from '../../shared/measures'
import type { RunFacts } from '../../shared/measures/measure'
import { unitSets } from '../../shared/measures/unit-sets'
import { Waiting } from '../../shared/measures/waiting'
import { epochValues, measureRun, stepValues } from '../../shared/measures/values'
import type { RunState, StepRecord } from '../../shared/records'
import { comingEpochs } from '../../shared/run-length'
import { originSettings } from '../../shared/run-origin'
import { flatSettings } from '../../shared/settings-text'
import { lastValues } from '../store/last-values'
import type { StoredRun } from '../store/run-rows'
import { sparkline } from '../store/series'
import type { Store } from '../store/store'
import type { LiveRun, Progress } from './queue/live-run'
import { median } from '../../shared/statistics/median'

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
  const last = live?.last ?? lastValues(store, run.id)
  const step = last.step?.step ?? 0
  const times = live ? [] : store.steps.lastTimes(run.id)
  const progress: Progress = live?.progress() ?? {
    phase: phaseOf(run.state, step),
    step,
    steps,
    stepsPerEpoch,
    stepMs: median(times.map(({ ms }) => ms)),
    secondsLeft: null,
    memoryBytes: null,
  }
  const [epoch, tested] = [store.epochs.last(run.id), store.epochs.lastTested(run.id)]
  // Most runs never do, and are not asked for it.
  const looked = Number(flatSettings(settings)['training.measures.signal']) > 0 ? store.steps.lastLooked(run.id) : undefined
  const measuredEpoch = epoch?.measured === 0 ? store.epochs.lastMeasured(run.id) : epoch
  const lookedMeasured = looked && looked.norms.length <= 1 ? store.steps.lastLooked(run.id, true) : looked
  const facts: RunFacts = {
    sets: unitSets(units),
    parameters: run.parameters,
    steps: progress.step,
    stepMs: progress.stepMs,
    waited: live ? live.waited : Waiting.of(times).share,
    lastStep: last.step ? stepValues(last.step, units) : null,
    lastMeasured: last.measured ? stepValues(last.measured, units) : null,
    lastLooked: looked ? stepValues(looked, units) : null,
    lastLookedMeasured: lookedMeasured ? stepValues(lookedMeasured, units) : null,
    lastEpoch: epoch ? epochValues(epoch, units) : null,
    lastMeasuredEpoch: measuredEpoch ? epochValues(measuredEpoch, units) : null,
    lastTested: tested ? epochValues(tested, units) : null,
    bestTestAccuracy: store.epochs.bestTestAccuracy(run.id),
  }
  return {
    ...told,
    state: live?.state ?? run.state,
    notices: [...notices],
    tags: [...tags],
    unreadable: [...unreadable],
    place,
    unitCount: units.length,
    blocks: facts.sets.blocks.count,
    sets: facts.sets,
    settings: run.origin ? { ...flatSettings(settings), ...originSettings(run.origin) } : toldSettings(settings, stepsPerEpoch),
    progress,
    last: lastOf(facts, last),
    measures: { epoch: epoch?.epoch ?? 0, ...measureRun(facts) },
    spark: sparkline(store, run.id, live?.lastStored ?? step),
  }
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

function lastOf(
  { sets, lastStep, lastMeasured, lastTested }: RunFacts,
  { step, measured }: { step: StepRecord | undefined; measured: StepRecord | undefined },
): RunSummary['last'] {
  const values = stepMeasures.map(({ name, over, step: { of } }) => {
    const at = over === 'run' ? lastStep : sets[over].count > 0 ? lastMeasured : null
    return [name, at && of(at)] as const
  })
  return {
    ...{ step: step?.step ?? 0, measuredStep: measured?.step ?? 0 },
    ...(Object.fromEntries(values) as Record<(typeof stepMeasures)[number]['name'], number | null>),
    testAccuracy: lastTested?.record.testAccuracy ?? null,
    withoutCopies: lastTested?.record.withoutCopies ?? null,
  }
}

/** All that can be said about a run that another process trains. */
function phaseOf(state: RunState, step: number): Progress['phase'] {
  if (state === 'queued') return 'queued'
  if (state === 'running' || state === 'paused') return step > 0 ? 'train' : 'data'
  return 'ended'
}
