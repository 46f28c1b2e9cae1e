import type { EpochRecord, StepRecord } from '../../../shared/records'
import type { TrainingEvent } from '../../engine/protocol'
import { isLocked } from '../../store/failures'
import type { Store } from '../../store/store'
import type { LiveRun } from './live-run'
import { LOCKED_LOOK_MS } from './locked-store'

/** How long records wait in memory for a store that another program keeps locked, milliseconds. */
const MOST_LOCKED_MS = 60_000

/** What came of a run and is stored. */
export interface Arrival {
  readonly events: readonly TrainingEvent[]
  readonly steps: readonly StepRecord[]
  /** The steps that the store did not have. */
  readonly fresh: readonly StepRecord[]
  readonly epochs: readonly EpochRecord[]
  readonly hasSpectra: boolean
}

export interface IntakeListener {
  /** Whether the run still trains here; what comes of another is dropped. */
  isActive(live: LiveRun): boolean
  onStored(live: LiveRun, arrival: Arrival): void
  /** A step that was taken again came out otherwise than it is stored; told once a run. */
  onOtherwise(live: LiveRun, step: number): void
  /** The store takes nothing more of the run. */
  onRefused(live: LiveRun, error: unknown): void
}

/** Stores what the processes of runs tell, in order, also while another program keeps the store locked. */
export class Intake {
  /** Events that could not be stored yet, by run. */
  private readonly held = new Map<number, TrainingEvent[]>()

  constructor(
    private readonly store: Store,
    private readonly listener: IntakeListener,
  ) {}

  /** @param since When the store was found locked, if it was. */
  receive(live: LiveRun, events: readonly TrainingEvent[], since?: number): void {
    if (!this.listener.isActive(live)) return
    const held = this.held.get(live.id)
    if (held) return void held.push(...events)
    const steps = events.flatMap((event) => (event.type === 'step' ? [event.record] : []))
    const epochs = events.flatMap((event) => (event.type === 'epoch' ? [event.record] : []))
    const spectra = events.flatMap((event) => (event.type === 'spectra' ? [event.record] : []))
    const fresh = steps.filter(({ step }) => step > live.stored)
    try {
      this.compare(
        live,
        steps.filter(({ step }) => step <= live.stored),
      )
      this.store.append(live.id, fresh, epochs, spectra)
    } catch (error) {
      // Not the clock on the wall, which may be set back meanwhile.
      const now = performance.now()
      if (isLocked(error) && now - (since ?? now) < MOST_LOCKED_MS) return this.hold(live, events, since ?? now)
      return this.listener.onRefused(live, error)
    }
    live.add(steps, epochs)
    this.listener.onStored(live, { events, steps, fresh, epochs, hasSpectra: spectra.length > 0 })
  }

  /** Steps that are taken again are as they were, or the new ones are kept from the first that is not. */
  private compare(live: LiveRun, retaken: readonly StepRecord[]): void {
    const other = retaken.length > 0 ? this.store.retake(live.id, retaken) : undefined
    if (other === undefined || live.differs) return
    live.differs = true
    this.listener.onOtherwise(live, other)
  }

  private hold(live: LiveRun, events: readonly TrainingEvent[], since: number): void {
    this.held.set(live.id, [...events])
    setTimeout(() => {
      const waiting = this.held.get(live.id) ?? []
      this.held.delete(live.id)
      this.receive(live, waiting, since)
    }, LOCKED_LOOK_MS)
  }
}
