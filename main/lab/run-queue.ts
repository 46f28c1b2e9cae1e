import type { Configuration } from '../../shared/configuration'
import { UserError, isUserError } from '../../shared/errors'
import type { EpochRecord, RunState, StepRecord } from '../../shared/records'
import type { TrainingEvent } from '../engine/protocol'
import type { EngineSupervisor } from '../engine/supervisor'
import type { RunPatch, StoredRun } from '../store/rows'
import type { Store } from '../store/store'
import { LiveRun } from './live-run'
import { closeEpoch } from './partial-epoch'

export interface RunQueueListener {
  /** New records of a run, stored. */
  onRecords(run: number, steps: readonly StepRecord[], epochs: readonly EpochRecord[]): void
  /** Something of the run's summary changed. */
  onChange(run: number): void
  /** A mistake of the program, for the log. */
  onBug(text: string): void
}

/** The runs of this lab that are to come or going on: one trains at a time, the others wait in the order they came. */
export class RunQueue {
  private readonly waiting: { live: LiveRun; configuration: Configuration }[] = []
  private active: LiveRun | undefined
  /** Patches that the store could not take (a full disk); they are shown, and tried again. */
  private readonly unsaved = new Map<number, RunPatch>()
  private closing = false
  private onIdle: (() => void) | undefined

  constructor(
    private readonly store: Store,
    private readonly supervisor: EngineSupervisor,
    private readonly listener: RunQueueListener,
  ) {}

  /** The run's state of the moment, where it is this lab's and has not ended. */
  live(run: number): LiveRun | undefined {
    return this.active?.id === run ? this.active : this.waiting.find(({ live }) => live.id === run)?.live
  }

  /** What the store should say of a run and does not yet. */
  overlay(run: StoredRun): StoredRun {
    const patch = this.unsaved.get(run.id)
    return patch
      ? {
          ...run,
          ...(Object.fromEntries(Object.entries(patch).filter(([, value]) => value !== undefined)) as Partial<StoredRun>),
        }
      : run
  }

  add(run: number, configuration: Configuration): void {
    this.waiting.push({ live: new LiveRun(run), configuration })
    this.listener.onChange(run)
    this.next()
  }

  /** @throws UserError where the run is not training. */
  pause(run: number): void {
    this.training(run, 'pause')
    this.supervisor.pause(run)
  }

  resume(run: number): void {
    this.training(run, 'resume')
    this.supervisor.resume(run)
  }

  /** Ends the run after its current step; a waiting one at once. */
  stop(run: number): void {
    const at = this.waiting.findIndex(({ live }) => live.id === run)
    const [waiting] = at >= 0 ? this.waiting.splice(at, 1) : []
    if (waiting) this.end(waiting.live, 'stopped', null)
    else {
      this.training(run, 'stop')
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
    for (const { live } of this.waiting.splice(0))
      this.end(live, 'interrupted', { message: 'NormLab was closed before the run began' })
    if (this.active) {
      const idle = new Promise<void>((resolve) => (this.onIdle = resolve))
      this.supervisor.stop(this.active.id)
      const timer = setTimeout(() => void this.supervisor.close(), patienceMs)
      await idle
      clearTimeout(timer)
    }
    for (const [run, patch] of this.unsaved) this.save(run, patch)
  }

  private training(run: number, verb: string): LiveRun {
    if (this.active?.id === run) return this.active
    if (this.live(run)) throw new UserError(`run ${run} waits for its turn, there is nothing to ${verb} yet`)
    throw new UserError(`run ${run} has ended, there is nothing to ${verb}`)
  }

  private next(): void {
    if (this.active || this.closing) return
    const first = this.waiting.shift()
    if (!first) return
    const { live, configuration } = first
    this.active = live
    live.state = 'running'
    live.phase = 'data'
    this.save(live.id, { state: 'running', startedAt: new Date().toISOString() })
    this.listener.onChange(live.id)
    try {
      this.supervisor.train(live.id, configuration, {
        onEvents: (events) => this.receive(live, events),
        onDeath: (cause) => this.end(live, 'interrupted', { message: cause }),
      })
    } catch (error) {
      this.end(live, 'failed', { message: this.sentence(error) })
    }
  }

  private receive(live: LiveRun, events: readonly TrainingEvent[]): void {
    // A run that could not be stored was given up already.
    if (this.active !== live) return
    const steps = events.flatMap((event) => (event.type === 'step' ? [event.record] : []))
    const epochs = events.flatMap((event) => (event.type === 'epoch' ? [event.record] : []))
    try {
      this.store.append(live.id, steps, epochs)
    } catch (error) {
      this.supervisor.stop(live.id)
      return this.end(live, 'failed', { message: this.sentence(error) })
    }
    live.add(steps, epochs)
    if (steps.length + epochs.length > 0) this.listener.onRecords(live.id, steps, epochs)
    for (const event of events) this.apply(live, event)
    this.listener.onChange(live.id)
  }

  private apply(live: LiveRun, event: TrainingEvent): void {
    switch (event.type) {
      case 'phase':
        live.phase = event.phase
        return
      case 'started': {
        live.steps = event.steps
        live.stepsPerEpoch = event.stepsPerEpoch
        const { versions } = this.store.run(live.id)
        const { units, parameters, device, steps, stepsPerEpoch } = event
        this.save(live.id, {
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
        this.save(live.id, { state: event.state })
        return
      case 'ended':
        if (event.outcome === 'stopped' && this.closing) this.end(live, 'interrupted', { message: 'NormLab was closed' })
        else this.end(live, event.outcome, null)
        return
      case 'failed': {
        const { error, divergence } = event
        if (!error.forUser) this.listener.onBug(`run ${live.id}: ${error.stack ?? error.message}`)
        const message = error.forUser ? error.message : `NormLab made a mistake (${error.message}); its log says more`
        this.end(live, 'failed', { message, ...(divergence && { step: divergence.step, unit: divergence.unit }) })
      }
    }
  }

  private end(live: LiveRun, state: RunState, problem: StoredRun['problem']): void {
    const wasActive = this.active === live
    live.state = state
    live.phase = 'ended'
    this.finishEpoch(live)
    if (state === 'interrupted' && problem && wasActive)
      problem = { ...problem, message: `${problem.message} ${whatIsStored(live.step)}`, step: live.step }
    this.save(live.id, { state, problem, endedAt: new Date().toISOString(), owner: null, ownerPid: null })
    if (wasActive) this.active = undefined
    this.listener.onChange(live.id)
    if (wasActive) this.onIdle?.()
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

  private save(run: number, patch: RunPatch): void {
    const whole = { ...this.unsaved.get(run), ...patch }
    try {
      this.store.updateRun(run, whole)
      this.unsaved.delete(run)
    } catch (error) {
      if (!isUserError(error)) throw error
      this.unsaved.set(run, whole)
    }
  }

  private sentence(error: unknown): string {
    if (isUserError(error)) return error.message
    this.listener.onBug(error instanceof Error ? (error.stack ?? error.message) : String(error))
    return `NormLab made a mistake (${String(error)}); its log says more`
  }
}

/** `at step 57; the 57 finished steps are stored` */
export function whatIsStored(step: number): string {
  if (step === 0) return 'before its first step'
  return `at step ${step}; the ${step === 1 ? 'finished step is' : `${step} finished steps are`} stored`
}
