import type { Configuration } from '../../../shared/configuration'
import { UserError, isUserError } from '../../../shared/errors'
import type { EpochRecord, RunState, StepRecord } from '../../../shared/records'
import type { EngineSupervisor } from '../../engine/supervisor'
import { lastValues } from '../../store/last-values'
import type { Checkpoints } from '../../store/checkpoints'
import { StoreFailure, isLocked } from '../../store/failures'
import type { StoredRun } from '../../store/run-rows'
import type { Store } from '../../store/store'
import { labSetting } from '../settings'
import { applyEvent, type EventWorld } from './engine-events'
import { type Arrival, Intake } from './intake'
import { KeptPatches } from './kept-patches'
import { LiveRun } from './live-run'
import { LOCKED_LOOK_MS } from './locked-store'
import { OldCheckpoints } from './old-checkpoints'
import { closeEpoch } from './partial-epoch'
import { goesOn, Returns } from './returns'
import { RunNotices } from './run-notices'
import { type Waiting, WaitingLine } from './waiting-line'
import { whatIsStored } from './what-is-stored'

export interface RunQueueListener {
  /** New records of a run, stored. */
  onRecords(run: number, steps: readonly StepRecord[], epochs: readonly EpochRecord[]): void
  /** New spectra of a run, stored. */
  onSpectra(run: number): void
  /** Something of the run's summary changed. */
  onChange(run: number): void
  /** A mistake of the program, for the log. */
  onBug(text: string): void
}

/** How often a full disk is tried again, milliseconds. */
const RETRY_MS = 5_000

/** The runs of this lab that are to come or going on: some train at a time, the others wait in an order that can be changed. */
export class RunQueue {
  private readonly waiting: WaitingLine
  private readonly active = new Map<number, LiveRun>()
  private readonly patches: KeptPatches
  private readonly intake: Intake
  private readonly old: OldCheckpoints
  private readonly returns = new Returns()
  private readonly notices: RunNotices
  private readonly world: EventWorld
  private closing = false
  /** Until what waits is tried again, as another program kept the store locked. */
  private later: NodeJS.Timeout | undefined
  private onIdle: (() => void) | undefined
  private retry: NodeJS.Timeout | undefined

  /** @param owner This lab, as the runs that it trains say. */
  constructor(
    private readonly store: Store,
    private readonly checkpoints: Checkpoints,
    private readonly supervisor: EngineSupervisor,
    private readonly owner: { readonly owner: string; readonly ownerPid: number },
    private readonly listener: RunQueueListener,
  ) {
    this.waiting = new WaitingLine((run) => listener.onChange(run))
    this.patches = new KeptPatches(store)
    this.old = new OldCheckpoints(store, checkpoints)
    this.notices = new RunNotices(store, (text) => listener.onBug(text))
    this.world = {
      ...{ store, patches: this.patches, notices: this.notices, isClosing: () => this.closing },
      prune: (live) => this.prune(live),
      end: (live, state, problem) => this.end(live, state, problem),
    }
    this.intake = new Intake(store, {
      // A run that could not be stored was given up already.
      isActive: (live) => this.active.get(live.id) === live,
      onStored: (live, arrival) => this.tell(live, arrival),
      onOtherwise: (live, step) =>
        this.notices.add(live.id, step, `step ${step} came out otherwise than before; from it on the new records are kept`),
      onRefused: (live, error) => this.suspend(live, error),
    })
  }

  /** Whether a run's steps are taken here: a paused one only waits. */
  get isTraining(): boolean {
    return [...this.active.values()].some(({ state }) => state !== 'paused')
  }

  /** The run's state of the moment, where it is this lab's and has not ended. */
  live(run: number): LiveRun | undefined {
    return this.active.get(run) ?? this.waiting.find(run)
  }

  /** Place among the waiting, from 1. */
  place(run: number): number | null {
    return this.waiting.place(run)
  }

  /** What the store should say of a run and does not yet. */
  overlay(run: StoredRun): StoredRun {
    return this.patches.overlay(run)
  }

  add(run: number, configuration: Configuration): void {
    this.waiting.add({ live: new LiveRun(run, configuration), configuration })
    this.listener.onChange(run)
    this.next()
  }

  /**
   * Takes up a run that has ended, from its last checkpoint. One that another lab was quicker with is left to that.
   *
   * @param why For the run's notices. @param first Before all that wait. @param wish What was asked of it before.
   */
  comeBack(run: number, why: string, first = false, wish: LiveRun['wish'] = null): void {
    if (this.live(run) || !this.store.runs.claim(run, this.owner.owner, this.owner.ownerPid)) return
    const step = this.store.steps.lastNumber(run)
    this.notices.add(run, step, why)
    const { steps, stepsPerEpoch } = this.store.runs.get(run)
    const configuration = this.store.runs.configuration(run)
    const live = new LiveRun(run, configuration)
    Object.assign(live, { steps, stepsPerEpoch, step, last: lastValues(this.store, run), wish })
    this.patches.save(run, { problem: null, endedAt: null })
    this.waiting.add({ live, configuration }, first)
    this.listener.onChange(run)
    this.next()
  }

  /** Takes up all runs that were cut off by no one's wish. */
  comeBackAll(): void {
    for (const run of this.store.runs.comingBack()) this.comeBack(run, 'NormLab takes the run up again by itself')
  }

  /** Moves a waiting run before another one; to the end where that is null. @throws UserError where one of them does not wait. */
  move(run: number, before: number | null): void {
    this.waiting.move(run, before)
  }

  /** @throws UserError where the run is not training. */
  pause(run: number): void {
    this.training(run, 'pause').wish = 'pause'
    this.supervisor.pause(run)
  }

  resume(run: number): void {
    this.training(run, 'resume').wish = null
    this.supervisor.resume(run)
  }

  /** @throws UserError where the run is not being tested. */
  skipTest(run: number): void {
    if (this.training(run, 'skip').phase !== 'evaluate')
      throw new UserError(`run ${run} is not being tested, there is nothing to skip`)
    this.supervisor.skipTest(run)
  }

  /** Ends the run after its current step; a waiting one at once. */
  stop(run: number): void {
    const waiting = this.waiting.take(run)
    if (waiting) {
      this.end(waiting.live, 'stopped', null)
      this.waiting.tell()
    } else {
      this.training(run, 'stop').wish = 'stop'
      this.supervisor.stop(run)
    }
  }

  /**
   * Stops what trains after its current step, if that comes soon, and leaves it as interrupted, like all that waits.
   *
   * @param patienceMs How long to wait for the step.
   */
  async close(patienceMs: number): Promise<void> {
    this.closing = true
    clearTimeout(this.later)
    this.patches.stopRetrying()
    clearTimeout(this.retry)
    for (const { live } of this.waiting.takeAll())
      this.end(live, 'interrupted', { message: 'NormLab was closed before the run began' })
    if (this.active.size > 0) {
      const idle = new Promise<void>((resolve) => (this.onIdle = resolve))
      for (const run of this.active.keys()) this.supervisor.stop(run)
      const timer = setTimeout(() => void this.supervisor.close(), patienceMs)
      await idle
      clearTimeout(timer)
    }
    this.patches.close()
  }

  private training(run: number, verb: string): LiveRun {
    const active = this.active.get(run)
    if (active) return active
    if (this.live(run)) throw new UserError(`run ${run} waits for its turn, there is nothing to ${verb} yet`)
    throw new UserError(`run ${run} has ended, there is nothing to ${verb}`)
  }

  /** Starts what waits, as many at a time as the settings say. */
  next(): void {
    while (!this.closing && !this.waiting.isEmpty && this.active.size < labSetting(this.store, 'parallelRuns')) {
      const isBegun = this.begin(this.waiting.take()!)
      this.waiting.tell()
      // It is first in line again: at once it would only find the same, and hold up all else meanwhile.
      if (!isBegun) return
    }
  }

  /** @returns false where another program keeps the store locked: it is tried again in a moment. */
  private begin({ live, configuration }: Waiting): boolean {
    const run = live.id
    this.active.set(run, live)
    live.state = 'running'
    live.phase = 'data'
    try {
      const { startedAt, stepsPerEpoch } = this.store.runs.get(run)
      this.patches.save(run, { state: 'running', ...(startedAt === null && { startedAt: new Date().toISOString() }) })
      this.listener.onChange(run)
      this.store.epochs.dropPartial(run, stepsPerEpoch)
      this.checkpoints.sweep(run)
      const stored = this.store.steps.lastNumber(run)
      live.stored = stored
      this.supervisor.train(
        { run, configuration, stored },
        { onEvents: (events) => this.intake.receive(live, events), onDeath: (cause) => this.mourn(live, cause) },
      )
      if (live.wish === 'pause') this.supervisor.pause(run)
    } catch (error) {
      if (isLocked(error)) {
        this.beginLater({ live, configuration })
        return false
      }
      this.end(live, 'failed', { message: this.notices.sentence(error) })
    }
    return true
  }

  private beginLater(waiting: Waiting): void {
    this.active.delete(waiting.live.id)
    Object.assign(waiting.live, { state: 'queued', phase: 'queued' })
    this.waiting.add(waiting, true)
    this.later ??= setTimeout(() => {
      this.later = undefined
      this.next()
    }, LOCKED_LOOK_MS)
  }

  /** The run's process is gone: it comes back from its last checkpoint, unless it dies on the spot or was to stop. */
  private mourn(live: LiveRun, cause: string): void {
    if (live.wish === 'stop' && !this.closing) {
      this.notices.add(live.id, live.lastStored, `${cause} before it stopped by itself ${whatIsStored(live.lastStored)}`)
      return this.end(live, 'stopped', null)
    }
    const { times, isGivenUp } = this.returns.count(live)
    const message = isGivenUp ? `${cause}, ${times} times in a row` : cause
    if (this.closing || isGivenUp) return this.end(live, 'interrupted', { message })
    // Interrupted in the store, in case that this process dies too; whoever follows the run hears only that it goes on.
    this.finishEpoch(live)
    this.patches.save(live.id, {
      state: 'interrupted',
      problem: { message },
      owner: null,
      ownerPid: null,
      comesBack: live.wish === null,
    })
    this.active.delete(live.id)
    try {
      this.comeBack(live.id, `${cause}; ${goesOn(live.wish)}`, true, live.wish)
    } catch (error) {
      if (!isUserError(error)) throw error
      this.tryAgain(live.id, live.wish)
    }
  }

  private tell(live: LiveRun, { events, steps, fresh, epochs, hasSpectra }: Arrival): void {
    if (steps.length + epochs.length > 0) this.listener.onRecords(live.id, fresh, epochs)
    if (hasSpectra) this.listener.onSpectra(live.id)
    for (const event of events) applyEvent(live, event, this.world)
    this.raiseAlarms(live, fresh)
    this.listener.onChange(live.id)
  }

  /** Steps that are taken again raise none: they did when they were taken first. */
  private raiseAlarms(live: LiveRun, steps: readonly StepRecord[]): void {
    if (live.alarms.isEmpty) return
    for (const { rule, step, message } of live.alarms.add(steps, this.store.runs.get(live.id).units)) {
      this.notices.add(live.id, step, message, rule.action === 'mark' ? 'mark' : 'alarm')
      if (rule.action === 'pause' && live.state === 'running') this.pause(live.id)
    }
  }

  /** The store takes nothing more: the run waits as interrupted until it does. */
  private suspend(live: LiveRun, error: unknown): void {
    this.supervisor.abandon(live.id)
    const isFailure = error instanceof StoreFailure
    const isStopped = isFailure && live.wish === 'stop'
    if (isStopped) this.end(live, 'stopped', null)
    else this.end(live, isFailure ? 'interrupted' : 'failed', { message: this.notices.sentence(error) })
    if (isFailure) this.tryAgain(live.id, live.wish)
  }

  private tryAgain(run: number, wish: LiveRun['wish']): void {
    this.retry = setTimeout(() => {
      if (this.closing) return
      try {
        if (!this.patches.retry(run)) return this.tryAgain(run, wish)
        if (wish === 'stop') return
        this.comeBack(run, `the data folder can be written again; ${goesOn(wish)}`, true, wish)
      } catch (error) {
        if (!isUserError(error)) throw error
        this.tryAgain(run, wish)
      }
    }, RETRY_MS)
    this.retry.unref()
  }

  private end(live: LiveRun, state: RunState, problem: StoredRun['problem']): void {
    const wasActive = this.active.get(live.id) === live
    live.state = state
    live.phase = 'ended'
    this.finishEpoch(live)
    if (state === 'interrupted' && problem && wasActive)
      problem = { ...problem, message: `${problem.message} ${whatIsStored(live.lastStored)}`, step: live.lastStored }
    this.patches.save(live.id, { state, problem, endedAt: new Date().toISOString(), owner: null, ownerPid: null })
    if (wasActive) this.active.delete(live.id)
    this.listener.onChange(live.id)
    if (wasActive && this.active.size === 0) this.onIdle?.()
    this.next()
  }

  /** An epoch that was cut off gets its record from the steps that are stored. */
  private finishEpoch(live: LiveRun): void {
    try {
      const epochs = closeEpoch(this.store, live.id)
      if (epochs.length > 0) this.listener.onRecords(live.id, [], epochs)
    } catch (error) {
      // The disk is full, say; the steps are stored, and the epoch can be had from them.
      if (!isUserError(error)) throw error
    }
  }

  private prune({ id, step }: LiveRun): void {
    for (const what of this.old.prune(id, step)) {
      this.listener.onBug(`run ${id}: ${what}`)
      this.notices.add(id, step, `an old checkpoint takes space: ${what}; NormLab tries again with each new one`)
    }
  }
}
