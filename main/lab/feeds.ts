import type { SubscriptionEvent } from '../../shared/api'
import type { EpochRecord, StepRecord } from '../../shared/records'
import { Throttle } from './throttle'

type Changes = SubscriptionEvent<'runs.changes'>
type Records = SubscriptionEvent<'runs.watch'>

/** Tells subscribers which runs changed: all of them first, then, at most ten times a second, those that did; the end of a run at once. */
export class ChangeFeed {
  private readonly subscribers = new Set<(run: number, atOnce: boolean) => void>()

  /** @param read The summaries of these runs, or of all; a run that is gone is left out. */
  constructor(private readonly read: (runs?: ReadonlySet<number>) => Changes['runs']) {}

  get isWatched(): boolean {
    return this.subscribers.size > 0
  }

  subscribe(listener: (event: Changes) => void): () => void {
    let first = true
    const changed = new Set<number>()
    const throttle = new Throttle(() => {
      const asked = new Set(changed)
      const runs = this.read(first ? undefined : asked)
      const there = new Set(runs.map(({ id }) => id))
      const gone = first ? [] : [...asked].filter((id) => !there.has(id))
      first = false
      changed.clear()
      listener({ runs, gone })
    })
    const mark = (run: number, atOnce: boolean): void => {
      changed.add(run)
      throttle.ask()
      if (atOnce) throttle.flush()
    }
    this.subscribers.add(mark)
    throttle.ask()
    return () => {
      this.subscribers.delete(mark)
      throttle.cancel()
    }
  }

  mark(run: number, atOnce = false): void {
    for (const mark of this.subscribers) mark(run, atOnce)
  }
}

interface Watcher {
  readonly run: number
  /** The last step and epoch that were handed over; what is not newer is not said again. */
  step: number
  epoch: number
  pending: Records
  readonly throttle: Throttle
}

/** Hands on the new records of a run, gathered for a tenth of a second. */
export class RecordFeed {
  private readonly watchers = new Set<Watcher>()

  /** @param from What is stored already, and so is no news. */
  subscribe(run: number, from: { step: number; epoch: number }, listener: (event: Records) => void): () => void {
    const watcher: Watcher = {
      run,
      ...from,
      pending: { steps: [], epochs: [] },
      throttle: new Throttle(() => {
        const event = watcher.pending
        watcher.pending = { steps: [], epochs: [] }
        listener(event)
      }),
    }
    this.watchers.add(watcher)
    return () => {
      this.watchers.delete(watcher)
      watcher.throttle.cancel()
    }
  }

  add(run: number, steps: readonly StepRecord[], epochs: readonly EpochRecord[]): void {
    for (const watcher of this.watchers) {
      if (watcher.run !== run) continue
      const newSteps = steps.filter(({ step }) => step > watcher.step)
      const newEpochs = epochs.filter(({ epoch }) => epoch > watcher.epoch)
      if (newSteps.length + newEpochs.length === 0) continue
      watcher.pending.steps.push(...newSteps)
      watcher.pending.epochs.push(...newEpochs)
      watcher.step = newSteps[newSteps.length - 1]?.step ?? watcher.step
      watcher.epoch = newEpochs[newEpochs.length - 1]?.epoch ?? watcher.epoch
      watcher.throttle.ask()
    }
  }

  /** The runs that are watched, each with the first step that its watchers have not seen. */
  watched(): Map<number, { step: number; epoch: number }> {
    const result = new Map<number, { step: number; epoch: number }>()
    for (const { run, step, epoch } of this.watchers) {
      const other = result.get(run)
      result.set(run, { step: Math.min(step, other?.step ?? step), epoch: Math.min(epoch, other?.epoch ?? epoch) })
    }
    return result
  }

  /** Hands over at once what waits, before the end of a run is told. */
  flush(run: number): void {
    for (const watcher of this.watchers) if (watcher.run === run) watcher.throttle.flush()
  }
}
