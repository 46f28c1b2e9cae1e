import { isUserError } from '../../../shared/errors'
import { CELLS_FORMAT, CELLS_VERSION, type GridSpecification } from '../../../shared/places/specification'
import { openPlace } from '../../places'
import { NoAnswer, type Place, type SentGrid } from '../../places/place'
import { isUnwritable } from '../../store/failures'
import { type Submission, submittedCells, updateSubmission } from '../../store/submissions'
import { tokenOf } from './tokens'
import { CellFollower, type CellWorld } from './cell-follower'
import { FIRST_RETRY_MS, LAST_RETRY_MS, Retries } from './retries'

/** Between two looks at a place, milliseconds: at once again after news, rarer and rarer without. */
const SOON_MS = 1_000
const LATEST_MS = 20_000
/** Rounds between two questions to the scheduler, while news come. */
const ROUNDS = 3

export interface FollowerWorld extends CellWorld {
  /** Folders of the imported data sets that runs need. */
  datasetsOf(runs: readonly number[]): string[]
}

/** Follows one submission to its end: sends what is not sent, stores what comes, believes the cells' own files. */
export class Follower {
  readonly cells: readonly CellFollower[]
  private readonly place: Place
  private jobs: readonly string[]
  private waiting: number
  private timer: NodeJS.Timeout | undefined
  private closing = false
  private round = 0
  /** What is sent: made once, however many times its place is told it. */
  private specification: string | undefined
  private wait = SOON_MS
  private readonly retries = new Retries()
  /** As it is stored. */
  private problem: string | null
  /** Never rejected: what comes next waits for it. */
  private work: Promise<unknown> = Promise.resolve()
  /** Ends what is being brought or sent, which may take hours. */
  private readonly leaving = new AbortController()
  /** Resolved by the first answer of the place, rejected where it refuses. */
  readonly sent: Promise<void>
  private onSent: { resolve(): void; reject(error: unknown): void } | undefined

  constructor(
    private readonly world: FollowerWorld,
    readonly submission: Submission,
    private readonly onOver: () => void,
    open: typeof openPlace = openPlace,
  ) {
    const { id, profile, jobs, waiting, problem } = submission
    this.jobs = jobs
    this.problem = problem
    this.waiting = waiting
    // Asked each time: a new one may be given while the grid is on its way.
    this.place = open(profile, () => tokenOf(world.store.home, profile), this.leaving.signal)
    this.cells = submittedCells(world.store, id).map((cell) => new CellFollower(world, id, profile.name, cell))
    this.sent = new Promise((resolve, reject) => (this.onSent = { resolve, reject }))
    // Nobody may be waiting for it.
    this.sent.catch(() => undefined)
    this.look(0)
  }

  /** Ends cells, all that are not over where none is named. @throws NoAnswer. */
  cancel(runs?: readonly number[]): Promise<void> {
    return this.next(() => this.end(runs))
  }

  private async end(runs: readonly number[] | undefined): Promise<void> {
    const { grid, profile } = this.submission
    const ending = this.open().filter(({ run }) => runs === undefined || runs.includes(run))
    if (ending.length === 0) return
    const isAll = ending.length === this.open().length
    await this.place.cancel(grid, this.jobs, isAll ? undefined : ending.map(({ cell }) => cell))
    if (isAll) this.setSent(this.jobs, 0)
    await this.fetch().catch((error: unknown) => {
      if (!(error instanceof NoAnswer)) throw error
    })
    for (const cell of ending) if (!cell.isOver) cell.end('stopped', { message: `its task at ${profile.name} was cancelled` })
    this.look(0)
  }

  async close(): Promise<void> {
    this.closing = true
    clearTimeout(this.timer)
    this.leaving.abort()
    await this.work
    this.wasSent()
    await this.place.close()
  }

  private open(): CellFollower[] {
    return this.cells.filter(({ isOver }) => !isOver)
  }

  private look(after: number): void {
    if (this.closing) return
    clearTimeout(this.timer)
    this.timer = setTimeout(() => void this.next(() => this.turn()), after)
  }

  /** One thing after another: two that fetch from the same byte on would both count what came. */
  private next(thing: () => Promise<void>): Promise<void> {
    const done = this.work.then(thing)
    this.work = done.catch(() => undefined)
    return done
  }

  private async turn(): Promise<void> {
    if (this.closing) return
    try {
      if (this.open().length === 0) return this.finish()
      if (this.waiting > 0) await this.send()
      const isNews = await this.fetch()
      if (this.closing) return
      this.wait = isNews ? SOON_MS : Math.min(LATEST_MS, this.wait * 1.5)
      if (!isNews || this.round % ROUNDS === 0) await this.ask()
      this.round++
      this.setProblem(this.open().find(({ trouble }) => trouble !== null)?.trouble ?? null)
      this.look(this.open().length === 0 ? 0 : this.wait)
    } catch (error) {
      this.failed(error)
    }
  }

  private async send(): Promise<void> {
    const { jobs, left } = await this.place.submit(this.sentGrid())
    this.answered()
    this.setSent(jobs, left)
    this.wasSent()
  }

  private sentGrid(): SentGrid {
    const { grid } = this.submission
    const runs = this.cells.map(({ run }) => run)
    return {
      ...{ grid, specification: (this.specification ??= this.specify(runs)), cells: runs.length },
      open: this.open().map(({ cell }) => cell),
      datasets: this.world.datasetsOf(runs),
    }
  }

  private specify(runs: readonly number[]): string {
    const { runs: stored } = this.world.store
    const cells = runs.map((run) => ({ name: stored.get(run).name, configuration: stored.configuration(run) }))
    const specification: GridSpecification = { format: CELLS_FORMAT, version: CELLS_VERSION, grid: this.submission.grid, cells }
    return JSON.stringify(specification)
  }

  private setSent(jobs: readonly string[], waiting: number): void {
    updateSubmission(this.world.store, this.submission.id, { jobs, waiting })
    this.jobs = jobs
    this.waiting = waiting
  }

  /** @returns whether there was anything new. */
  private async fetch(): Promise<boolean> {
    const { grid } = this.submission
    const open = new Map(this.open().map((cell) => [cell.cell, cell]))
    const news = await this.place.fetch(grid, new Map([...open].map(([cell, { position }]) => [cell, position])))
    this.answered()
    let isNews = false
    for (const one of news) if (!this.closing && (await open.get(one.cell)?.take(one, this.place, grid))) isNews = true
    return isNews
  }

  private async ask(): Promise<void> {
    const { grid } = this.submission
    // A cell that has no task yet is not missed.
    const isSent = this.waiting === 0
    const taken = this.open().filter((cell) => isSent || cell.wasHeardOf)
    const states = await this.place.states(grid, this.jobs, taken.map(({ cell }) => cell)) // prettier-ignore
    const sent = (): SentGrid => this.sentGrid()
    for (const cell of this.open())
      if (isSent || states.has(cell.cell)) await cell.hear(states.get(cell.cell), this.place, grid, sent, this.jobs)
  }

  private answered(): void {
    if (this.retries.isFresh) return
    this.retries.succeeded()
    this.setProblem(null)
  }

  private setProblem(problem: string | null): void {
    if (problem === this.problem) return
    updateSubmission(this.world.store, this.submission.id, { problem })
    this.problem = problem
  }

  /** Whatever went wrong, it is looked at again: a store that takes nothing does not take the word of that either. */
  private failed(error: unknown): void {
    // What was on its way was called off.
    if (this.closing) return
    try {
      if (error instanceof NoAnswer || isUnwritable(error)) this.postpone(error.message)
      else this.refused(error)
    } catch (unwritten) {
      if (isUnwritable(unwritten)) this.look(FIRST_RETRY_MS)
      else {
        this.report(unwritten)
        this.look(LAST_RETRY_MS)
      }
    }
  }

  private postpone(why: string): void {
    this.look(this.retries.next())
    this.wasSent()
    this.setProblem(why)
  }

  /** The place refuses: a grid that was sent goes on there and is taken up by the next lab. */
  private refused(error: unknown): void {
    const message = isUserError(error) ? error.message : `NormLab made a mistake (${String(error)}); its log says more`
    if (!isUserError(error)) this.report(error)
    this.setProblem(message)
    if (this.jobs.length === 0) {
      for (const cell of this.open()) cell.end('failed', { message })
      this.onSent?.reject(error)
      this.onSent = undefined
      return this.finish()
    }
    this.wasSent()
    this.look(LAST_RETRY_MS)
  }

  private report(error: unknown): void {
    this.world.onBug(error instanceof Error ? (error.stack ?? error.message) : String(error))
  }

  private wasSent(): void {
    this.onSent?.resolve()
    this.onSent = undefined
  }

  private finish(): void {
    updateSubmission(this.world.store, this.submission.id, { isOver: true, owner: null })
    this.closing = true
    this.wasSent()
    void this.place.close()
    this.onOver()
  }
}
