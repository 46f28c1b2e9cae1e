import type { NetworkDocument } from '../../shared/architecture/document'
import { inspectNetwork } from '../../shared/architecture'
import type { Execution, Training } from '../../shared/configuration'
import { isUserError } from '../../shared/errors'
import type { StoredRun } from '../store/run-rows'
import type { Store } from '../store/store'
import { median } from '../../shared/statistics/median'
import type { TimeBasis } from './time-basis'

/** Runs that are looked at, newest first, and those among them that a scaled time is made of. */
const MOST_RUNS = 24
const NEAREST = 5
/** Of the nearest ones those count that are no more than this factor of operations farther away than the very nearest. */
const NO_FARTHER = 2
/** Factor between the operations of two steps from which on the one says little of the other. */
const FAR = 8
/** The same from which on it says nothing: what a step takes beside its operations outweighs them in the smaller one. */
const TOO_FAR = 32
/** Steps that a run must have on record to tell a time: TensorFlow's first ones take up to ten times as long as the rest. */
const FEWEST_STEPS = 6
/** Measured passes that are kept; they are forgotten with the lab. */
const MOST_PASSES = 100

/** Work whose time is asked for. */
export interface Work {
  readonly network: NetworkDocument
  /** Operations of one image's forward pass. */
  readonly flops: number
  readonly training: Pick<Training, 'batch'>
  readonly execution: Pick<Execution, 'recompute'>
}

export interface StepTime {
  /** Milliseconds of a step; null where nothing was measured here that it could be told from. */
  readonly ms: number | null
  readonly basis: TimeBasis
}

interface Measured {
  readonly run: number
  readonly network: string
  readonly flops: number
  readonly batch: number
  readonly recompute: number
  readonly ms: number
}

/**
 * What a step takes on this machine: the time of runs of the same network and batch, or of a pass that was measured for it; else that of the
 * runs whose steps have about as many operations, scaled by these. Without any, it is not known.
 */
export class StepTimes {
  private readonly networks = new Map<number, { name: string; flops: number }>()
  private readonly passes = new Map<string, number>()

  constructor(private readonly store: Store) {}

  /** Keeps the time of a pass forward and back, milliseconds. */
  remember(network: NetworkDocument, batch: number, ms: number): void {
    if (this.passes.size >= MOST_PASSES) this.passes.delete(this.passes.keys().next().value!)
    this.passes.set(passKey(network.name, inspectNetwork(network).flops, batch), ms)
  }

  /** @param recent What `recent` told; asked once for many. */
  of({ network, flops, training: { batch }, execution: { recompute } }: Work, recent = this.recent()): StepTime {
    const same = recent.filter(
      (run) => run.network === network.name && run.flops === flops && run.batch === batch && run.recompute === recompute,
    )
    if (same.length > 0) return { ms: median(same.map(({ ms }) => ms)), basis: { kind: 'same', runs: numbers(same) } }
    const pass = this.passes.get(passKey(network.name, flops, batch))
    if (pass !== undefined) return { ms: pass, basis: { kind: 'pass' } }
    const work = flops * batch
    const away = (run: Measured): number => Math.abs(Math.log((run.flops * run.batch) / work))
    const inOrder = [...recent].sort((a, b) => away(a) - away(b))
    // Tiny runs, bound by other things than operations, would outvote the few that are near.
    const nearest = inOrder.slice(0, NEAREST).filter((run) => away(run) <= away(inOrder[0]!) + Math.log(NO_FARTHER))
    const msAnOperation = median(nearest.map((run) => run.ms / (run.flops * run.batch)))
    if (msAnOperation === null) return { ms: null, basis: { kind: 'no-run', steps: FEWEST_STEPS } }
    // Small steps are bound by other things than large ones, so that a far scale says little.
    const factor = Math.exp(away(nearest[0]!))
    if (factor > TOO_FAR)
      return { ms: null, basis: { kind: 'too-far', factor, isLarger: nearest[0]!.flops * nearest[0]!.batch < work } }
    return { ms: msAnOperation * work, basis: { kind: 'scaled', runs: numbers(nearest), factor: factor >= FAR ? factor : 1 } }
  }

  /** The runs of this machine whose steps were timed. */
  recent(): Measured[] {
    return this.store.runs.recentlyTrained(MOST_RUNS).flatMap((run) => {
      const times = this.store.steps.lastTimes(run.id).map(({ ms }) => ms)
      const ms = times.length < FEWEST_STEPS ? null : median(times)
      const { batch } = (run.settings['training'] ?? {}) as { batch?: number }
      const { recompute = 0 } = (run.settings['execution'] ?? {}) as { recompute?: number }
      const network = ms && batch ? this.networkOf(run) : undefined
      return network && ms && batch ? [{ run: run.id, network: network.name, flops: network.flops, batch, recompute, ms }] : []
    })
  }

  private networkOf({ id }: StoredRun): { name: string; flops: number } | undefined {
    const known = this.networks.get(id)
    if (known) return known
    try {
      const { network } = this.store.runs.configuration(id)
      const found = { name: network.name, flops: inspectNetwork(network).flops }
      this.networks.set(id, found)
      return found
    } catch (error) {
      // A run that cannot be read tells no time.
      if (isUserError(error)) return undefined
      throw error
    }
  }
}

/** The same network as far as time goes: by name and operations, as for runs. */
function passKey(name: string, flops: number, batch: number): string {
  return JSON.stringify([name, flops, batch])
}

const numbers = (runs: readonly Measured[]): number[] => runs.map(({ run }) => run)
