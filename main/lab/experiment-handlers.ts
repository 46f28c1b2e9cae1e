import { isDeepStrictEqual } from 'node:util'
import { cellKey, cellsOf } from '../../shared/experiments/expand'
import type { Cell, Experiment, ExperimentDefinition } from '../../shared/experiments/experiment'
import { readyOn } from '../../shared/experiments/on-dataset'
import { UserError } from '../../shared/errors'
import { readyExperiments } from '../../shared/experiments/ready'
import type { Catalogue } from '../datasets/catalogue'
import { changeExperiment, createExperiment, deleteExperiment, experiment, experiments } from '../store/experiments'
import type { Store } from '../store/store'
import { submissions as submissionsOf } from '../store/submissions'
import type { Handlers } from './boundary'
import { type CellPlan, planCells, summarisePlan, unfinishedRuns } from './experiments'
import type { RunQueue } from './queue/run-queue'
import type { Searches } from './search/searches'
import { firstTrialsOf } from './search/first-trials'
import type { StepTimes } from './step-times'
import type { Submissions } from './submissions'

export interface ExperimentWorld {
  readonly store: Store
  readonly catalogue: Catalogue
  readonly queue: RunQueue
  readonly times: StepTimes
  readonly searches: Searches
  readonly enqueue: (planned: CellPlan, told: { name: string; experiment: number; cell: Cell }) => number
  /** Tells that a run has changed. */
  readonly mark: (run: number) => void
  /** @throws UserError where there is no such device. */
  readonly requireDevice: (device: string) => Promise<void>
  /** @throws UserError where the run is another lab's. */
  readonly own: (run: number) => void
  readonly submissions: Submissions
}

type ExperimentRequest = Exclude<
  Extract<keyof Handlers, `experiments.${string}`>,
  'experiments.send' | 'experiments.placed' | 'experiments.cancel'
>

/** What the lab answers about experiments: they are definitions, and runs that fill their cells. */
export function experimentHandlers({
  store,
  catalogue,
  queue,
  times,
  searches,
  enqueue,
  mark,
  requireDevice,
  own,
  submissions,
}: ExperimentWorld): Pick<Handlers, ExperimentRequest> {
  /** Queues what has no run yet. All cells are planned first, so that a wrong one starts none. */
  const fill = (id: number, cells: readonly CellPlan[]): Experiment => {
    const filled = new Map(experiment(store, id).cells.map((cell) => [cellKey(cell), cell.run]))
    for (const planned of cells) {
      const { cell, name } = planned.run
      if ((filled.get(cellKey(cell)) ?? null) === null) mark(enqueue(planned, { name, experiment: id, cell }))
    }
    return experiment(store, id)
  }
  /** Plans whose devices are there too. */
  const planned = async (definition: ExperimentDefinition): Promise<CellPlan[]> => {
    const cells = planCells(catalogue, definition)
    for (const device of new Set(cells.map(({ configuration }) => configuration.execution.device))) await requireDevice(device)
    return cells
  }
  /**
   * @throws UserError where a cell that has a run is left out, or would be trained otherwise now: its figures would stand under a name that is not
   * theirs.
   */
  const requireMore = ({ definition, cells }: Experiment, asked: readonly CellPlan[]): void => {
    const withRuns = new Set(cells.filter(({ run }) => run !== null).map(cellKey))
    const wanted = new Map(asked.map((cell) => [cellKey(cell.run.cell), cell]))
    const told = new Map(cellsOf(definition).map(({ cell, input }) => [cellKey(cell), input]))
    // What is said in the same words is the same, and is planned once.
    const isToldAnew = (key: string): boolean =>
      withRuns.has(key) && !isDeepStrictEqual(wanted.get(key)?.run.input, told.get(key))
    for (const known of planCells(catalogue, definition, true, (cell) => isToldAnew(cellKey(cell)))) {
      const now = wanted.get(cellKey(known.run.cell))
      if (now !== undefined && isDeepStrictEqual(decides(now), decides(known))) continue
      throw new UserError(now === undefined ? 'has a run, and is left out' : 'has a run, and has other settings now', {
        place: `cell "${known.run.name}"`,
        remedy: 'add to what is there; what differs is an experiment of its own',
      })
    }
  }
  return {
    'experiments.ready'({ data }) {
      const set = data === undefined ? undefined : catalogue.describe(data)
      return readyExperiments.map((ready) => (set ? readyOn(ready, set) : { ...ready, sizes: [...ready.sizes] }))
    },
    'experiments.list': () => experiments(store),
    'experiments.show': ({ id }) => experiment(store, id),
    'experiments.plan'({ definition }) {
      searches.check(definition)
      return summarisePlan(planCells(catalogue, firstTrialsOf(definition)), times)
    },
    async 'experiments.start'({ definition }) {
      if (definition.search) {
        const { axes: _, ...asked } = definition
        const fresh = { ...asked, axes: [], search: { ...definition.search, stopped: false } }
        searches.check(fresh)
        await requireDevice(planCells(catalogue, firstTrialsOf(fresh, 1))[0]!.configuration.execution.device)
        const id = createExperiment(store, fresh)
        searches.advance(id)
        return experiment(store, id)
      }
      const cells = await planned(definition)
      return fill(createExperiment(store, definition), cells)
    },
    async 'experiments.extend'({ id, definition }) {
      if (definition.search ?? experiment(store, id).definition.search)
        throw new UserError('a search chooses its trials itself', { place: `experiment ${id}`, remedy: 'add trials to it' })
      if (submissionsOf(store, { experiment: id }).length > 0)
        throw new UserError('its runs are trained at another place, and what is added would be trained here', {
          place: `experiment ${id}`,
          remedy: 'start what you want to add as an experiment of its own',
        })
      const cells = await planned(definition)
      requireMore(experiment(store, id), cells)
      changeExperiment(store, id, definition)
      return fill(id, cells)
    },
    'experiments.resume'({ id }) {
      const known = experiment(store, id)
      submissions.follow()
      for (const run of unfinishedRuns(known, (run) => queue.live(run)?.state ?? store.runs.get(run).state)) {
        own(run)
        if (!queue.live(run)) queue.comeBack(run, 'gone on with by hand, with its experiment')
        mark(run)
      }
      if (!known.definition.search) return fill(id, planCells(catalogue, known.definition))
      searches.setStopped(id, false)
      searches.fill(id)
      searches.advance(id)
      return experiment(store, id)
    },
    'experiments.search': ({ id }) => searches.progress(id),
    'experiments.add-trials'({ id, trials }) {
      searches.add(id, trials)
      searches.advance(id)
      return experiment(store, id)
    },
    async 'experiments.stop'({ id }) {
      if (experiment(store, id).definition.search) searches.setStopped(id, true)
      await submissions.cancel({ experiment: id })
      // The waiting ones first: otherwise each stop would let the next one begin.
      const live = experiment(store, id).cells.flatMap(({ run }) => (run !== null && queue.live(run) ? [run] : []))
      for (const run of live.reverse()) queue.stop(run)
      return experiment(store, id)
    },
    'experiments.delete'({ id }) {
      const { cells } = experiment(store, id)
      deleteExperiment(store, id)
      for (const { run } of cells) if (run !== null) mark(run)
      return {}
    },
  }
}

/** What decides a cell's numbers. */
function decides({ configuration: { network, data, training, seed } }: CellPlan): object {
  return { network, data, training, seed }
}
