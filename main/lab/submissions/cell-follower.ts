import { createHash } from 'node:crypto'
import { createReadStream, rmSync } from 'node:fs'
import path from 'node:path'
import { inspectNetwork } from '../../../shared/architecture'
import type { Configuration } from '../../../shared/configuration'
import { UserError, isUserError } from '../../../shared/errors'
import { CellEnd, CellEvent } from '../../../shared/places/cell-log'
import type { EpochRecord, RunNotice, RunState, StepRecord, Unit } from '../../../shared/records'
import { decodeMessage } from '../../../shared/wire'
import { type CellNews, NoAnswer, type Place, type SentGrid, type TaskState } from '../../places/place'
import { bringHome } from '../../store/bundle-import'
import type { Checkpoints } from '../../store/checkpoints'
import { isUnwritable } from '../../store/failures'
import { lastValues } from '../../store/last-values'
import { type SubmittedCell, updateCell } from '../../store/submissions'
import type { Store } from '../../store/store'
import { LiveRun } from '../queue/live-run'
import { closeEpoch } from '../queue/partial-epoch'
import { whatIsStored } from '../queue/what-is-stored'
import { Retries } from './retries'

/** Of a bundle that does not arrive whole. */
const MOST_TRIES = 3
/** A task that its scheduler no longer has may have written its last word a moment ago: it is missed so many times before it gets another try. */
const MOST_MISSES = 3
/** And for so long before it is given up, milliseconds: NFS may show a folder as it was a minute ago. */
const MISSED_MS = 90_000
/** After ends that are the place's doing a task is tried again, so many times without a step in between. */
const MOST_RETURNS = 3

export interface CellWorld {
  readonly store: Store
  readonly checkpoints: Checkpoints
  onRecords(run: number, steps: readonly StepRecord[], epochs: readonly EpochRecord[]): void
  onChange(run: number): void
  onBug(text: string): void
}

/** One run at another place, as this lab follows it: its records are stored as they come, and at its end its bundle takes their place. */
export class CellFollower {
  readonly live: LiveRun
  isOver: boolean
  position: number
  private words: string
  private misses = 0
  private missedSince = 0
  /** Why its bundle is not here yet, though it has ended. */
  trouble: string | null = null
  /** It is not asked for before. */
  private askedFrom = 0
  private readonly retries = new Retries()
  private tries = 0
  private returns = 0
  /** Its step when it was last tried again. */
  private returnedAt = -1

  constructor(
    private readonly world: CellWorld,
    private readonly submission: number,
    private readonly profileName: string,
    { cell, run, position, words, isOver }: SubmittedCell,
  ) {
    this.cell = cell
    Object.assign(this, { position, words, isOver })
    this.isOver = isOver
    this.position = position
    this.words = words
    const { store } = world
    const configuration = store.runs.readConfiguration(run).configuration
    this.live = new LiveRun(run, configuration)
    const { state, steps, stepsPerEpoch } = store.runs.get(run)
    const step = store.steps.lastNumber(run)
    Object.assign(this.live, { steps, stepsPerEpoch, step, stored: step, last: lastValues(store, run), state })
    this.live.phase = state === 'queued' ? 'queued' : 'train'
  }

  readonly cell: number

  /** Whether its place once had a task for it. */
  get wasHeardOf(): boolean {
    return this.words !== ''
  }

  get run(): number {
    return this.live.id
  }

  /** Takes in what came of its files. @returns whether there was anything to take. */
  async take({ log, end }: CellNews, place: Place, grid: string): Promise<boolean> {
    this.misses = 0
    const whole = log.lastIndexOf(0x0a) + 1
    if (whole > 0) this.store(Buffer.from(log.subarray(0, whole)).toString('utf8'), whole)
    const hasEnded = end !== null && (await this.finish(end, place, grid))
    return whole > 0 || hasEnded
  }

  /** What the place's scheduler says; it is believed of a task that is gone without a last word. @returns whether it was given up. */
  async hear(
    task: TaskState | undefined,
    place: Place,
    grid: string,
    sent: () => SentGrid,
    jobs: readonly string[],
  ): Promise<boolean> {
    const words = task?.words ?? 'not among the tasks of the place'
    if (words !== this.words) {
      updateCell(this.world.store, this.submission, this.cell, { words })
      this.words = words
      this.world.onChange(this.run)
    }
    if (task && task.state !== 'gone') {
      this.misses = 0
      const isFirst = task.state === 'runs' && this.live.state === 'queued'
      if (isFirst) this.begin()
      // Where it waits to go on, nothing of it moves.
      this.live.phase = task.state === 'waits' ? 'queued' : this.live.step > 0 ? 'train' : 'data'
      return false
    }
    if (this.misses++ === 0) this.missedSince = performance.now()
    if (this.misses < MOST_MISSES) return false
    if (this.mayReturn(task?.why) && (await place.again(sent(), jobs, this.cell))) {
      this.misses = 0
      // Counted now: a place that gave no answer was not asked for nothing.
      if (task?.why === 'place') this.returns++
      if (task?.why === 'queue') return false
      const message = `its task at ${this.profileName} ended by no fault of its own (${words}) and is in the queue once more`
      this.world.store.runs.addNotice(this.run, { step: this.live.step, at: new Date().toISOString(), message })
      return false
    }
    if (performance.now() - this.missedSince < MISSED_MS) return false
    const lines = await place.lastLines(grid, this.cell)
    const isCancelled = task?.why === 'cancelled'
    const said = lines === '' ? 'it printed nothing' : `its last lines: ${lines}`
    this.end(isCancelled ? 'stopped' : 'interrupted', {
      message: `its task at ${this.profileName} ended without a last word (${words}); ${said}`,
    })
    return true
  }

  private mayReturn(why: TaskState['why']): boolean {
    if (why !== 'place') return why === 'queue'
    if (this.live.step > this.returnedAt) [this.returns, this.returnedAt] = [0, this.live.step]
    return this.returns < MOST_RETURNS
  }

  /** Ends it here: somebody cancelled it, or its place refused it. */
  end(
    state: RunState,
    problem: { message: string; step?: number | undefined; unit?: string | undefined } | null,
    notices: readonly RunNotice[] = [],
  ): void {
    const { store } = this.world
    const epochs = closeEpoch(store, this.run)
    const stored = store.steps.lastNumber(this.run)
    const told =
      problem && state === 'interrupted' ? { message: `${problem.message}; ${whatIsStored(stored)}`, step: stored } : problem
    // Known here once it is stored: what failed is done again.
    store.transaction(() => {
      for (const notice of notices) store.runs.addNotice(this.run, notice)
      store.runs.update(this.run, { state, problem: told, endedAt: new Date().toISOString(), owner: null, ownerPid: null })
      updateCell(store, this.submission, this.cell, { isOver: true })
    })
    this.live.state = state
    this.live.phase = 'ended'
    this.isOver = true
    if (epochs.length > 0) this.world.onRecords(this.run, [], epochs)
    this.world.onChange(this.run)
  }

  private begin(): void {
    const { startedAt } = this.world.store.runs.get(this.run)
    this.world.store.runs.update(this.run, {
      state: 'running',
      ...(startedAt === null && { startedAt: new Date().toISOString() }),
    })
    this.live.state = 'running'
    this.world.onChange(this.run)
  }

  /** Stores the records of whole lines of its log, and where it has come in it. */
  private store(text: string, bytes: number): void {
    const { store } = this.world
    for (const line of text.split('\n')) {
      const event = eventOf(line)
      if (!event) continue
      if (this.live.state === 'queued') this.begin()
      if (event.type === 'started') {
        const { type: _, versions, ...told } = event
        const known = store.runs.get(this.run)
        store.runs.update(this.run, { ...told, versions: { ...known.versions, ...versions } })
        this.live.steps = event.steps
        this.live.stepsPerEpoch = event.stepsPerEpoch
        this.live.phase = 'train'
        continue
      }
      const stored = store.steps.lastNumber(this.run)
      const boundaries = store.runs.units(this.run).length + 1
      const steps = event.steps.filter(({ step, norms }) => step > stored && (norms.length === 0 || norms.length === boundaries))
      store.append(this.run, steps, event.epochs)
      this.live.add(steps, event.epochs)
      this.live.phase = 'train'
      if (steps.length + event.epochs.length > 0) this.world.onRecords(this.run, steps, event.epochs)
    }
    updateCell(store, this.submission, this.cell, { position: this.position + bytes })
    this.position += bytes
    this.world.onChange(this.run)
  }

  /** Brings its bundle, where it has one, and ends it as it ended there. */
  private async finish(text: string, place: Place, grid: string): Promise<boolean> {
    const { store, checkpoints } = this.world
    const end = CellEnd.safeParse(readJson(text)).data
    if (!end) {
      this.end('interrupted', { message: `the last word of its task at ${this.profileName} cannot be read` })
      return true
    }
    const notices = [...end.notices]
    if (end.bundle) {
      if (performance.now() < this.askedFrom) return false
      const file = path.join(store.home, `.${grid}-${this.cell}.bundle.tmp`)
      try {
        await place.bring(grid, this.cell, file)
        if ((await sha256(file)) !== end.bundle.sha256) throw new UserError('it did not arrive whole')
        bringHome(store, checkpoints, file, this.run, unitsOf)
      } catch (error) {
        if (error instanceof NoAnswer || isUnwritable(error)) return this.postpone(error.message)
        if (!isUserError(error)) throw error
        if (++this.tries < MOST_TRIES) return false
        const [message, step] = [
          `its bundle could not be taken in: ${error.message}; the records that came before are kept`,
          this.live.step,
        ]
        notices.push({ step, at: new Date().toISOString(), message })
      } finally {
        rmSync(file, { force: true })
      }
    }
    this.live.last = lastValues(store, this.run)
    this.live.step = store.steps.lastNumber(this.run)
    this.end(end.state, end.problem, notices)
    return true
  }

  /** Nothing is wrong with the bundle: it is brought later, for as long as it takes, and the other cells do not wait for it. */
  private postpone(why: string): false {
    this.trouble = why
    this.askedFrom = performance.now() + this.retries.next()
    return false
  }
}

const unitsOf = ({ network }: Configuration): Unit[] => inspectNetwork(network).units

/** Undefined for a line that is cut off, or from a NormLab that says more than this one knows. */
function eventOf(line: string): CellEvent | undefined {
  if (line === '') return undefined
  try {
    return CellEvent.safeParse(decodeMessage(line)).data
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

async function sha256(file: string): Promise<string> {
  const hash = createHash('sha256')
  for await (const piece of createReadStream(file)) hash.update(piece as Buffer)
  return hash.digest('hex')
}
