import type { RunSummary } from '../../../shared/api'
import { UserError, isUserError } from '../../../shared/errors'
import { cellKey, inputWith } from '../../../shared/experiments/expand'
import {
  type Cell,
  type Experiment,
  type ExperimentDefinition,
  TRIALS,
  type Variant,
} from '../../../shared/experiments/experiment'
import { stepsPerEpoch, totalSteps } from '../../../shared/run-length'
import { hasEnd } from '../../../shared/schedules/rate'
import { nextSteps } from '../../../shared/search/plan'
import type { SearchProgress } from '../../../shared/search/progress'
import { MOST_TRIALS, type Search } from '../../../shared/search/search'
import type { Values } from '../../../shared/search/space'
import { trialLabel } from '../../../shared/search/trial-words'
import type { Catalogue } from '../../datasets/catalogue'
import { changeExperiment, experiment, experiments } from '../../store/experiments'
import type { Store } from '../../store/store'
import { type CellPlan, planCells, planInput } from '../experiments'
import { prolong } from '../prolong'
import type { RunQueue } from '../queue/run-queue'
import { checkSearch } from './check'
import { outcomesOf, rungsOfSearch } from './outcomes'
import { progressOf } from './progress'

export interface SearchWorld {
  readonly store: Store
  readonly catalogue: Catalogue
  readonly queue: RunQueue
  readonly enqueue: (planned: CellPlan, told: { name: string; experiment: number; cell: Cell }) => number
  readonly summaryOf: (run: number) => RunSummary
  /** Tells that a run has changed. */
  readonly mark: (run: number) => void
  readonly isOthers: (run: number) => boolean
  readonly log: (text: string) => void
}

/**
 * The searches of this lab: when a run of one ends, what follows from it is begun. All that a search does next follows from its definition and its runs' records, so
 * that one that was cut off goes on as it would have gone.
 */
export class Searches {
  private isClosed = false
  /** Why one cannot go on, by experiment. */
  private readonly problems = new Map<number, string>()

  /** Those of which a run has ended, and what follows is not begun yet. */
  private readonly pending = new Set<number>()

  constructor(private readonly world: SearchWorld) {}

  close(): void {
    this.isClosed = true
  }

  /** After the ending of a run, once whoever ended it is done with it. */
  onRunOver(run: number): void {
    const [of] = this.world.store.runs.some(new Set([run]))
    const id = of?.experiment ?? null
    if (id === null || this.isClosed) return
    this.pending.add(id)
    setImmediate(() => {
      if (this.isClosed) return
      try {
        if (this.pending.has(id)) this.advance(id)
        // Whoever watched the run hears of it again, now that what follows is known.
        this.world.mark(run)
      } catch (error) {
        // It was deleted meanwhile, say.
        if (!isUserError(error)) this.world.log(error instanceof Error ? (error.stack ?? error.message) : String(error))
      }
    })
  }

  /** Goes on with all searches that no one stopped; those at work in another lab are left to it. */
  takeUp(): void {
    for (const { id, definition, cells } of experiments(this.world.store)) {
      if (!definition.search || definition.search.stopped) continue
      if (cells.some(({ run }) => run !== null && this.world.isOthers(run))) continue
      this.advance(id)
    }
  }

  /** Begins what follows from the runs so far: trials, and rungs that trials go on to. */
  advance(id: number): void {
    const { store } = this.world
    this.pending.delete(id)
    const known = experiment(store, id)
    const { search } = known.definition
    if (!search || search.stopped) return
    this.problems.delete(id)
    try {
      const rungs = rungsOfSearch(known, search)
      const outcomes = outcomesOf(store, known, search, this.world.summaryOf)
      const { begin, standings, isExhausted } = nextSteps(search, outcomes, rungs.length)
      standings.forEach(({ rung }, trial) => {
        for (const { run } of outcomes[trial]?.runs ?? []) if (run !== null) this.raise(run, rungs[rung]!)
      })
      if (begin.length > 0) this.begin(known, search, begin)
      else if (isExhausted && outcomes.length < search.trials) throw new UserError('every point of the space has been tried')
    } catch (error) {
      if (!isUserError(error)) throw error
      this.problems.set(id, error.message)
    }
  }

  /** @throws UserError where the experiment is none that searches. */
  async progress(id: number): Promise<SearchProgress> {
    const { store, summaryOf } = this.world
    while (this.pending.has(id) && !this.isClosed) await new Promise((resolve) => setImmediate(resolve))
    const known = experiment(store, id)
    const search = searchOf(known)
    return progressOf(known, search, outcomesOf(store, known, search, summaryOf), this.problems.get(id) ?? null)
  }

  /** @throws UserError where a value at an end of the space makes no run that could start, or it asks for what does not go together. */
  check(definition: ExperimentDefinition): void {
    if (definition.search) checkSearch(definition, definition.search, (values) => this.plan(definition, values))
  }

  /** Stops it, or lets it go on. */
  setStopped(id: number, stopped: boolean): void {
    this.change(id, (search) => ({ ...search, stopped }))
  }

  /** More trials, which go on where the earlier ones ended. */
  add(id: number, more: number): void {
    const { definition } = experiment(this.world.store, id)
    const search = searchOf({ id, definition })
    const trials = search.trials + more
    if (trials > MOST_TRIALS)
      throw new UserError(`that makes ${trials} trials, the most is ${MOST_TRIALS}`, { remedy: 'take fewer' })
    const brackets = search.sampler === 'halving' ? [...search.brackets, search.trials] : search.brackets
    const changed = { ...search, trials, brackets, stopped: false }
    this.check({ ...definition, search: changed })
    this.change(id, () => changed)
  }

  /** Queues the cells that have no run yet. */
  fill(id: number): void {
    const { store, catalogue, enqueue, mark } = this.world
    const { cells, definition } = experiment(store, id)
    const missing = new Set(cells.filter(({ run }) => run === null).map(cellKey))
    for (const planned of planCells(catalogue, definition, false, (cell) => missing.has(cellKey(cell)))) {
      const { cell, name } = planned.run
      mark(enqueue(planned, { name, experiment: id, cell }))
    }
  }

  private change(id: number, to: (search: Search) => Search): void {
    const known = experiment(this.world.store, id)
    changeExperiment(this.world.store, id, { ...known.definition, search: to(searchOf(known)) })
  }

  /** Writes the trials down before their runs begin: one that is cut off in between has them as they were chosen. */
  private begin({ id, definition }: Experiment, search: Search, begin: readonly Values[]): void {
    const { store, catalogue, enqueue, mark } = this.world
    const first = definition.axes[0]?.variants ?? []
    const more = begin.map((values, i) => this.variantOf(definition, search, values, first.length + i + 1))
    const labels = new Set(more.map(({ label }) => label))
    const whole = { ...definition, axes: [{ name: TRIALS, variants: [...first, ...more] }] }
    const cells = planCells(catalogue, whole, false, (cell) => labels.has(cell.labels[0]!))
    changeExperiment(store, id, whole)
    for (const planned of cells) {
      const { cell, name } = planned.run
      mark(enqueue(planned, { name, experiment: id, cell }))
    }
  }

  /** Lets a run go on to a later epoch, where it has come to an earlier one. */
  private raise(run: number, epochs: number): void {
    const { store, catalogue, queue, mark } = this.world
    if (store.runs.configuration(run).training.epochs >= epochs || queue.live(run)) return
    const { state } = store.runs.get(run)
    if (state !== 'done') return
    prolong(store, catalogue, run, { epochs, keepSchedule: true })
    queue.comeBack(run, `among the best of its bracket: it goes on to epoch ${epochs}`)
    mark(run)
  }

  /** A trial's settings: of a halving with the first rung for its end, and the schedule of the whole run. */
  private variantOf(definition: ExperimentDefinition, search: Search, values: Values, number: number): Variant {
    const label = trialLabel(number, search.space, values)
    if (search.sampler !== 'halving') return { label, set: { ...values } }
    const { configuration, images } = this.plan(definition, values)
    const { training } = configuration
    const horizon = training.horizon ?? totalSteps(training, stepsPerEpoch(images.train, training.batch))
    const epochs = rungsOfSearch({ definition }, search)[0]!
    return { label, set: { ...values, 'training.epochs': epochs, ...(hasEnd(training) && { 'training.horizon': horizon }) } }
  }

  private plan(definition: ExperimentDefinition, values: Values): ReturnType<typeof planInput> {
    return planInput(this.world.catalogue, inputWith(definition, { ...values }, definition.seeds[0]!))
  }
}

/** @throws UserError where it is none. */
function searchOf({ id, definition }: Pick<Experiment, 'id' | 'definition'>): Search {
  if (definition.search) return definition.search
  throw new UserError(`experiment ${id} is a grid and no search`, { remedy: 'add to it with another definition' })
}
