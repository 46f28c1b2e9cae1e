import type { RunSpectra, SubscriptionEvent } from '../../shared/api'
import { expand } from '../../shared/architecture'
import { LIVE_VALUES, type LiveLayer, liveLayers, shareTaken } from '../../shared/spectra/live'
import type { Store } from '../store/store'
import type { Handlers } from './boundary'
import { Throttle } from './throttle'

type Event = SubscriptionEvent<'runs.watch-spectra'>

/** Hands new spectra of runs to whoever watches, whichever lab stored them. */
export class SpectraFeed {
  private readonly watchers = new Set<{ readonly run: number; readonly throttle: Throttle }>()

  constructor(private readonly store: Store) {}

  get isWatched(): boolean {
    return this.watchers.size > 0
  }

  subscribe(run: number, listener: (event: Event) => void): () => void {
    let last = this.store.spectra.lastStep(run)
    const numbers = LIVE_VALUES * followed(this.store, run).length
    const throttle = new Throttle(() => {
      const records = this.store.spectra.after(run, last, numbers)
      last = records[records.length - 1]?.step ?? last
      if (records.length > 0) listener({ records })
    })
    const watcher = { run, throttle }
    this.watchers.add(watcher)
    return () => {
      this.watchers.delete(watcher)
      throttle.cancel()
    }
  }

  /** There may be new ones, of this run or of any. */
  mark(run?: number): void {
    for (const watcher of this.watchers) if (run === undefined || watcher.run === run) watcher.throttle.ask()
  }

  /** Hands over at once what waits, before the end of a run is told. */
  flush(run: number): void {
    for (const watcher of this.watchers) if (watcher.run === run) watcher.throttle.flush()
  }
}

/** What the lab answers about spectra of runs while they train. */
export function runSpectraHandlers(store: Store, feed: SpectraFeed): Pick<Handlers, 'runs.spectra' | 'runs.watch-spectra'> {
  return {
    'runs.spectra': ({ run, after }) => runSpectra(store, run, after),
    'runs.watch-spectra': ({ run }, listener) => feed.subscribe(run, listener),
  }
}

/** The spectra that a run has after a step. @throws UserError where there is no such run. */
export function runSpectra(store: Store, run: number, after = -1): RunSpectra {
  store.runs.get(run)
  const layers = followed(store, run)
  const records = store.spectra.after(run, after, LIVE_VALUES * layers.length)
  const taken = shareTaken(records)
  return {
    layers: layers.map(({ name, unit, kind, shape }) => ({ name, unit, kind, kernel: [...shape] })),
    records,
    share: store.runs.readConfiguration(run).configuration.training.spectra.share,
    taken: Number.isNaN(taken) ? null : taken,
  }
}

function followed(store: Store, run: number): LiveLayer[] {
  if (store.runs.get(run).origin) return []
  const { network, training } = store.runs.configuration(run)
  const { every, epochs, layers } = training.spectra
  return every + epochs > 0 ? liveLayers(expand(network), layers) : []
}
