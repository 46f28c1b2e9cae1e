import type { RunSummary } from '../../../shared/api'
import type { Experiment } from '../../../shared/experiments/experiment'
import { findMeasure } from '../../../shared/measures'
import { badness } from '../../../shared/measures/best'
import { epochValues } from '../../../shared/measures/values'
import type { EpochRecord, RunState } from '../../../shared/records'
import { type Repeats, repeatsOf } from '../../../shared/repeats'
import { rungsOf } from '../../../shared/search/halving'
import type { TrialState } from '../../../shared/search/plan'
import type { Search } from '../../../shared/search/search'
import type { Values } from '../../../shared/search/space'
import type { Store } from '../../store/store'

/** A trial with what its runs have come to. */
export interface TrialOutcome extends TrialState {
  readonly runs: readonly { seed: number; run: number | null; state: RunState | null; value: number | null }[]
  /** Over the seeds, of the runs that have a value. */
  readonly repeats: Repeats | null
  /** Epochs that its value is of, where trials are ended early. */
  readonly epochs: number | null
}

/** A run of a trial. */
interface Outcome {
  readonly state: RunState
  /** As it is told; null where it has none yet. */
  readonly value: number | null
  /** At each rung that it has come to. */
  readonly rungs: readonly number[]
  readonly epochs: number
}

/** The epochs at which a search's trials are judged; the usual number of them where the base says none. */
export function rungsOfSearch({ definition }: Pick<Experiment, 'definition'>, search: Search): number[] {
  const asked = Number(definition.base.training['epochs'] ?? 10)
  return search.sampler === 'halving' ? rungsOf(search.halving, asked) : [asked]
}

/** What has become of a search's trials, from the runs' records. */
export function outcomesOf(
  store: Store,
  { definition, cells }: Experiment,
  search: Search,
  summaryOf: (run: number) => RunSummary,
): TrialOutcome[] {
  const rungs = rungsOfSearch({ definition }, search)
  const variants = definition.axes[0]?.variants ?? []
  const measure = findMeasure(search.objective.measure)!
  return variants.map(({ label, set }) => {
    const runs = cells
      .filter(({ labels }) => labels[0] === label)
      .map(({ seed, run }) => ({ seed, run, outcome: run === null ? null : outcomeOf(store, summaryOf(run), search, rungs) }))
    const values: Values = Object.fromEntries(search.space.map(({ path }) => [path, set[path]]))
    const isOver = runs.every(({ outcome }) => outcome?.state === 'done' || outcome?.state === 'failed')
    const come = Math.min(...runs.map(({ outcome }) => (outcome ? outcome.rungs.length : 0)))
    const failed = isOver && runs.some(({ outcome }) => outcome!.state === 'failed')
    const rungScores: (number | null)[] = Array.from({ length: come }, (_, rung) =>
      scoreOf(runs.map(({ outcome }) => outcome!.rungs[rung]!)),
    )
    if (failed) rungScores.push(null)
    return {
      values,
      rungs: rungScores,
      score: isOver ? (failed ? null : scoreOf(runs.map(({ outcome }) => badness(measure, outcome!.value) ?? NaN))) : undefined,
      runs: runs.map(({ seed, run, outcome }) => ({
        ...{ seed, run, state: outcome?.state ?? null },
        value: outcome?.value ?? null,
      })),
      repeats: repeatsOf(runs.map(({ outcome }) => outcome?.value ?? null)),
      epochs: search.sampler === 'halving' ? Math.min(...runs.map(({ outcome }) => outcome?.epochs ?? 0)) : null,
    }
  })
}

/** The mean over the seeds; null where one of them has none, for it would be the worst that is left out. */
function scoreOf(scores: readonly number[]): number | null {
  const mean = scores.reduce((sum, score) => sum + score, 0) / scores.length
  return Number.isFinite(mean) ? mean : null
}

function outcomeOf(store: Store, summary: RunSummary, { sampler, objective }: Search, rungs: readonly number[]): Outcome {
  const measure = findMeasure(objective.measure)!
  const { id, state } = summary
  const isDone = state === 'done'
  if (sampler !== 'halving' && objective.at === 'end') {
    const told = summary.measures[measure.name]
    return { state, value: isDone ? told : null, rungs: [], epochs: 0 }
  }
  const { units } = store.runs.get(id)
  const epochs = store.epochs.all(id)
  const valueOf = (record: EpochRecord | undefined): number | null =>
    record && measure.epoch ? measure.epoch.of(epochValues(record, units)) : null
  /** Up to an epoch: its own value, or the best one. */
  const upTo = (last: number): number | null => {
    const values = epochs.filter(({ epoch }) => epoch <= last).map(valueOf)
    if (objective.at === 'end') return [...values].reverse().find((value) => value !== null) ?? null
    const known = values.filter((value) => badness(measure, value) !== null)
    return known.sort((a, b) => badness(measure, a)! - badness(measure, b)!)[0] ?? null
  }
  if (sampler !== 'halving') return { state, value: isDone ? upTo(Infinity) : null, rungs: [], epochs: 0 }
  // How far it was to come: one that ended early by itself stands there for all that follows.
  const target = store.runs.configuration(id).training.epochs
  const come = rungs.filter((epoch) => epoch < target || (epoch === target && isDone))
  const reached = come[come.length - 1] ?? 0
  return {
    state,
    value: upTo(reached),
    rungs: come.map((epoch) => badness(measure, upTo(epoch)) ?? NaN),
    epochs: reached,
  }
}
