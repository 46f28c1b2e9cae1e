import { labelsOf, LONGEST_NAME } from './run-labels'
import type { WithSettings } from './differing-settings'

/** A run as far as it decides which others are its repeats. */
export interface Repeated extends WithSettings {
  readonly id: number
  readonly preset: string | null
  readonly network: string
  readonly unitCount: number
  readonly parameters: number | null
  readonly progress: { readonly step: number }
}

/** Runs that differ in nothing but the seed. */
export interface SeedGroup<R extends Repeated = Repeated> {
  readonly key: string
  /** `#3 proc-resnet:blocks=3 · rate 0.1`: the first run's number, the network, and what tells it from the other groups. */
  readonly label: string
  /** The same with all of the network's name, for a file. */
  readonly wholeLabel: string
  readonly runs: readonly R[]
  /** Those of them that count: one of each seed, see `samplesOf`. */
  readonly samples: readonly R[]
}

/** Groups of runs with equal settings but the seed, in the order in which the first of each comes. */
export function seedGroups<R extends Repeated>(runs: readonly R[]): SeedGroup<R>[] {
  const groups = new Map<string, R[]>()
  for (const run of runs) {
    const key = seedKey(run)
    const group = groups.get(key)
    if (group) group.push(run)
    else groups.set(key, [run])
  }
  const firsts = [...groups.values()].map(([first]) => ({
    ...{ id: first!.id, name: first!.preset ?? first!.network, settings: unseeded(first!) },
  }))
  const [labels, whole] = [labelsOf(firsts), labelsOf(firsts, LONGEST_NAME)]
  return [...groups].map(([key, members]) => ({
    key,
    label: labels.get(members[0]!.id)!,
    wholeLabel: whole.get(members[0]!.id)!,
    runs: members,
    samples: samplesOf(members),
  }))
}

/**
 * Without runs that repeat another to the seed: they come out the same, so they are no further sample of the spread. Of several the one
 * that went farthest stands for them, the newest of those.
 */
export function samplesOf<R extends Repeated>(runs: readonly R[]): R[] {
  const kept = new Map<string, R>()
  for (const run of runs) {
    const key = JSON.stringify([seedKey(run), run.settings.seed])
    const other = kept.get(key)
    if (!other || run.progress.step > other.progress.step || (run.progress.step === other.progress.step && run.id > other.id))
      kept.set(key, run)
  }
  const counted = new Set(kept.values())
  return runs.filter((run) => counted.has(run))
}

/** `1, 2 (twice), 3`: the seeds of a group; one that comes again is told, and counts once. */
export function seedWords(runs: readonly { readonly seed: number }[]): string {
  const counts = new Map<number, number>()
  for (const { seed } of runs) counts.set(seed, (counts.get(seed) ?? 0) + 1)
  return [...counts]
    .map(([seed, count]) => `${seed}${count === 1 ? '' : count === 2 ? ' (twice)' : ` (${count} times)`}`)
    .join(', ')
}

/** One text for all that decides a run's numbers but the seed: its settings, and the network as far as a list knows it. */
function seedKey(run: Repeated): string {
  const settings = Object.entries(unseeded(run)).sort(([a], [b]) => (a < b ? -1 : 1))
  return JSON.stringify([run.preset, run.network, run.unitCount, run.parameters, settings])
}

function unseeded({ settings }: WithSettings): WithSettings['settings'] {
  const { seed: _, ...others } = settings
  return others
}
