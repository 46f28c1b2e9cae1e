import path from 'node:path'
import type { Lab, RunSummary } from '../../shared/api'
import { Catalogue } from '../datasets/catalogue'
import type { StartHost } from '../engine/hosts/host'
import { Checkpoints } from '../store/checkpoints'
import { comparisons, deleteComparison, saveComparison } from '../store/notes'
import { Ownership } from '../store/ownership'
import { purgeOldRuns } from '../store/deleted-runs'
import { type StoredRun } from '../store/run-rows'
import { purgeLibrary } from '../store/library'
import { Store } from '../store/store'
import { trustedTime } from '../store/trusted-time'
import { sweepWeights } from '../store/weight-files'
import { type Handlers, boundary } from './boundary'
import { logTo } from './bug-log'
import { ChosenSources, inPageWords, sourceOf } from './chosen-sources'
import { datasetChecks } from './dataset-checks'
import { datasetHandlers } from './dataset-handlers'
import { datasetLooks } from './dataset-looks'
import { DeletedDatasets } from './deleted-datasets'
import { preparationHandlers } from './dataset-preparation'
import { deletionHandlers } from './deletion'
import { diagnostics } from './diagnostics'
import { diskHandlers } from './disk'
import { examine, storeCheck } from './doctor'
import { asking, engineHandlers, openSupervisor } from './engine-handlers'
import { enginePackHandlers } from './engine-packs'
import { experimentHandlers } from './experiment-handlers'
import { ChangeFeed, RecordFeed } from './feeds'
import { ForeignRuns } from './foreign-runs'
import { ImportFolders } from './import-folders'
import { inTurn } from './in-turn'
import { jacobianHandlers } from './jacobians'
import { KeptJacobians } from './kept-jacobians'
import { keepingHandlers } from './keeping'
import { KeptSummaries } from './kept-summaries'
import { limitHandlers } from './limits'
import { libraryHandlers } from './library-handlers'
import { testHandlers } from './network-test'
import { Jobs } from './jobs'
import { queryHandlers } from './query'
import { recoverRuns } from './recovery'
import { patience } from './patience'
import { RecordedRuns } from './recorded-runs'
import { selfTesting } from './repair'
import { runFiles } from './run-files'
import { runGuards } from './run-guards'
import { runHandlers } from './run-handlers'
import { RunQueue, type RunQueueListener } from './queue/run-queue'
import { runReadings } from './run-readings'
import { runSpectraHandlers, SpectraFeed } from './run-spectra'
import { Searches } from './search/searches'
import { labSettings } from './settings'
import { spectraHandlers } from './spectra'
import { requireDevice } from './device-choice'
import { startedRuns } from './started-runs'
import { StepTimes } from './step-times'
import { Submissions } from './submissions'
import { placeHandlers } from './submissions/handlers'
import { summarise } from './summary'
import { takeHandlers } from './take-network'
import { theoryHandlers } from './theory'
import { toldRuns } from './told-runs'
import { checkpointAt, itemWeights, keptWeights, recordedWeights, weightsHandlers } from './weights'

/** A run that is closing gets this long to finish its step, milliseconds. */
const PATIENCE_MS = 5_000
/** How often submissions that nobody follows are looked for, milliseconds. */
const LOOK_FOR_SUBMISSIONS_MS = 15_000

export interface LabOptions {
  /** The data folder, absolute; it is made where missing. */
  readonly home: string
  /** The bundled `engine/host.js`. */
  readonly hostPath: string
  /** How engine hosts are started; as child processes where it is not said. */
  readonly startHost?: StartHost | undefined
  /** Whether runs that were cut off are taken up again, at once and while the lab is open: for labs that stay. */
  readonly takesUpRuns?: boolean
  /** Hears of bugs, with their stack, beside `normlab.log` in the data folder. */
  readonly log?: (text: string) => void
}

/** A lab that somebody opened and has to close. */
export interface OpenLab extends Lab {
  /** Writes a bug, with its stack, where the lab writes its own. */
  readonly log: (text: string) => void
  /** Process id of the engine, while it runs. */
  readonly enginePid: number | undefined
  /** Interrupts what trains, after its step where that ends soon, and lets go of everything; again, it does nothing. */
  close(): Promise<void>
}

/**
 * Opens the lab on a data folder. Runs that a lab left behind there are marked as interrupted.
 *
 * @throws UserError where the folder or the run store in it cannot be used.
 */
export function createLab({ home, hostPath, startHost, takesUpRuns = false, log: given }: LabOptions): OpenLab {
  const store = new Store(path.resolve(home))
  const write = logTo(path.join(store.home, 'normlab.log'))
  const log = (text: string): void => {
    write(text)
    given?.(text)
  }
  const ownership = new Ownership(store.home, store.refusal === undefined)
  const checkpoints = new Checkpoints(store.home)
  const supervisor = openSupervisor(store.home, hostPath, startHost)
  const catalogue = new Catalogue(supervisor.dataFolder)
  const importFolders = new ImportFolders(catalogue.folder, ownership)
  // None of this may keep anybody from the runs: it is done the next time.
  for (const keepHouse of [
    () => void recoverRuns(store, ownership),
    () => {
      const now = trustedTime(store)
      purgeLibrary(store, now)
      purgeOldRuns(store, checkpoints, log, now)
    },
    () => sweepWeights(store),
    () => importFolders.sweep(),
  ])
    if (!store.refusal)
      try {
        keepHouse()
      } catch (error) {
        log(error instanceof Error ? error.message : String(error))
      }

  /** A run's state of the moment, where it goes on in this lab or is followed by it. */
  const liveOf = (run: number): ReturnType<RunQueue['live']> => queue.live(run) ?? submissions.live(run)
  const kept = new KeptSummaries()
  const summary = (stored: StoredRun): RunSummary => {
    const [run, live] = [queue.overlay(stored), liveOf(stored.id)]
    return kept.of(run, live !== undefined, () => summarise(run, live, queue.place(run.id), store))
  }
  const changes = new ChangeFeed((asked) => {
    const summaries = (asked ? store.runs.some(asked) : store.runs.all()).map(summary)
    // Whoever hears that a run has ended has heard of all its steps before.
    foreign.pullRecords()
    return summaries
  })
  const records = new RecordFeed()
  const spectra = new SpectraFeed(store)
  const owner = { owner: ownership.id, ownerPid: process.pid }
  const listener: RunQueueListener = {
    onRecords: (run, steps, epochs) => records.add(run, steps, epochs),
    onSpectra: (run) => spectra.mark(run),
    onChange(run) {
      const isOver = !liveOf(run)
      if (isOver) records.flush(run)
      if (isOver) spectra.flush(run)
      // Before whoever hears of it asks what follows.
      if (isOver) searches.onRunOver(run)
      changes.mark(run, isOver)
    },
    onBug: log,
  }
  const queue = new RunQueue(store, checkpoints, supervisor, owner, listener)
  const submissions = new Submissions({ ...listener, store, checkpoints, datasetsOf: (runs) => foldersOf(runs) }, ownership)
  const foldersOf = (runs: readonly number[]): string[] => {
    const names = runs
      .map((run) => store.runs.configuration(run))
      .flatMap(({ data, dataHash }) => (dataHash === undefined ? [] : data.name))
    return [...new Set(names)].map((name) => catalogue.folderOf(name))
  }
  const recorded = new RecordedRuns({
    ...{ store, checkpoints, ownership },
    onRecords: (run, steps, epochs) => records.add(run, steps, epochs),
    onChange(run, isOver) {
      if (isOver) records.flush(run)
      changes.mark(run, isOver)
    },
  })
  const foreign = new ForeignRuns(store, ownership, changes, records, spectra, (run) => liveOf(run) !== undefined, log)
  if (takesUpRuns)
    foreign.onOrphans(() => {
      queue.comeBackAll()
      searches.takeUp()
    })

  const { shown, detail } = toldRuns({ store, checkpoints, catalogue, summary })
  const guards = runGuards(store, ownership, (run) => submissions.has(run))
  const { isOthers, own } = guards
  const started = startedRuns({ store, checkpoints, ownership, owner, queue })
  const { deviceOf, keep, enqueue } = started
  const ask = asking(supervisor)
  const times = new StepTimes(store)
  const searches = new Searches({
    ...{ store, catalogue, queue, enqueue, log },
    summaryOf: (run) => shown(run),
    mark: (run) => changes.mark(run),
    isOthers,
  })
  const weightsOf = (from: Parameters<typeof keptWeights>[2]): ReturnType<typeof keptWeights> =>
    keptWeights(store, checkpoints, from)
  const engine = engineHandlers({
    ...{ supervisor, catalogue, ask, log },
    itemWeights: (item) => itemWeights(store, item),
    keptWeights: weightsOf,
    remember: (network, batch, ms) => times.remember(network, batch, ms),
  })
  const jobs = new Jobs(supervisor)
  const datasets = {
    ...{ catalogue, jobs, folders: importFolders },
    sources: new ChosenSources(),
    deleted: new DeletedDatasets(catalogue, ownership),
  }
  const looks = datasetLooks(datasets)
  const questions = {
    ...{ catalogue, jobs, kept: new KeptJacobians(path.join(store.home, 'jacobians'), catalogue) },
    keptWeights: weightsOf,
    configurationOf: (run: number) => store.runs.configuration(run),
  }

  const selfTests = selfTesting({ home: store.home, supervisor, hostPath, holdsStore: true })
  const handlers: Handlers = {
    'lab.doctor': async () => ({ checks: await examine(store.home, () => storeCheck(store), supervisor, hostPath) }),
    'lab.diagnostics': async () => ({
      text: diagnostics(store.home, await examine(store.home, () => storeCheck(store), supervisor, hostPath)),
    }),
    ...selfTests.handlers,
    ...limitHandlers(store, jobs, () => queue.isTraining),
    'lab.refusal': () => ({ refusal: store.refusal?.message ?? null }),
    'lab.settings': () => labSettings(store),
    'lab.configure'(settings) {
      for (const [name, value] of Object.entries(settings)) if (value !== undefined) store.settings.set(name, value)
      queue.next()
      return labSettings(store)
    },
    ...engine.handlers,
    ...enginePackHandlers({
      ...{ home: store.home, supervisor, inWords: inPageWords },
      requireWritable: () => ownership.require(),
      fileOf: (file, chosen) => sourceOf(datasets.sources, file, chosen),
    }),

    ...runHandlers({
      ...{ store, checkpoints, catalogue, ownership, queue, submissions, times, started, guards, ask, summary, shown, detail },
      mark: (run) => changes.mark(run),
    }),
    ...runReadings(store, checkpoints),
    ...runFiles({
      ...{ store, checkpoints, catalogue, detail, shown },
      mark: (run) => changes.mark(run),
    }),

    'comparisons.list': () => comparisons(store),
    'comparisons.save': (comparison) => saveComparison(store, comparison),
    'comparisons.delete'({ id }) {
      deleteComparison(store, id)
      return {}
    },
    ...deletionHandlers({
      ...{ store, checkpoints, summary, own },
      isLive: (run) => queue.live(run) !== undefined || submissions.has(run) || recorded.isGoingOn(run),
      mark: (run) => changes.mark(run),
    }),
    ...diskHandlers({ store, checkpoints, isLive: (run) => liveOf(run) !== undefined || recorded.isGoingOn(run), own }),
    ...keepingHandlers({
      ...{ home: store.home, supervisor },
      placeOf: (file, chosen, purpose) => sourceOf(datasets.sources, file, chosen, purpose),
    }),
    ...queryHandlers(store, supervisor),
    ...libraryHandlers(store, log),
    ...weightsHandlers({ store, checkpoints, ask }),
    ...takeHandlers({ store, supervisor, checkpoints, ask, sources: datasets.sources }),
    ...datasetHandlers(datasets),
    ...datasetChecks(datasets),
    ...looks.handlers,
    ...testHandlers(questions),
    ...jacobianHandlers(questions),
    ...theoryHandlers({
      ...questions,
      unitsOf: (run) => store.runs.get(run).units,
      checkpointStep: (run, step) => checkpointAt(store, checkpoints, { run, step }).step,
      lastMeasured: (run, upTo) => store.steps.lastMeasured(run, upTo),
      epochsOf: (run) => store.epochs.all(run),
    }),
    ...spectraHandlers({ store, ...questions, recordedWeights: (from) => recordedWeights(store, checkpoints, from) }),
    ...preparationHandlers(catalogue, jobs, importFolders),
    ...experimentHandlers({
      store,
      catalogue,
      queue,
      times,
      searches,
      enqueue,
      mark: (run) => changes.mark(run),
      requireDevice: (device) => requireDevice(deviceOf(device), ask),
      own,
      submissions,
    }),
    ...placeHandlers({
      ...{ store, catalogue, times, submissions },
      keep: (cell, experiment) => keep(cell, { name: cell.run.name, experiment, cell: cell.run.cell }),
      mark: (run) => changes.mark(run),
    }),

    ...recorded.handlers,
    ...runSpectraHandlers(store, spectra),
    'runs.changes': (_, listener) => changes.subscribe(listener),
    'runs.watch'({ run }, listener) {
      store.runs.get(run)
      const epochs = store.epochs.all(run)
      return records.subscribe(run, { step: store.steps.lastNumber(run), epoch: epochs[epochs.length - 1]?.epoch ?? 0 }, listener)
    },
  }

  if (takesUpRuns && !store.refusal) {
    queue.comeBackAll()
    submissions.follow()
    searches.takeUp()
  }
  // Another lab that followed them may have been closed.
  const looking = takesUpRuns && !store.refusal ? setInterval(() => submissions.look(), LOOK_FOR_SUBMISSIONS_MS) : undefined
  looking?.unref()

  let closing: Promise<void> | undefined
  const close = (): Promise<void> =>
    inTurn([
      () => clearInterval(looking),
      () => foreign.close(),
      () => searches.close(),
      () => store.refusal || recorded.close(),
      () => engine.close(),
      () => jobs.close(),
      () => looks.close(),
      () => selfTests.close(),
      () => datasets.sources.close(),
      () => datasets.deleted.close(),
      () => submissions.close(),
      () => queue.close(PATIENCE_MS),
      () => supervisor.close(),
      () => ownership.close(),
      () => store.close(),
    ])

  return {
    ...boundary(handlers, patience(store)),
    log,
    get enginePid() {
      return supervisor.hostPid()
    },
    close: () => (closing ??= close()),
  }
}
