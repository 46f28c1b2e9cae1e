import type { Experiment } from '../../shared/experiments/experiment'

/** One combination of an experiment's variants, with its repeats. */
export interface Combination {
  readonly labels: readonly string[]
  readonly cells: readonly { readonly seed: number; readonly run: number | null }[]
}

/** One text for a combination: labels may hold whatever joins them. */
export function combinationKey(labels: readonly string[]): string {
  return JSON.stringify(labels)
}

/** The cells by their combination, in the order of the definition. */
export function combinationsOf({ cells }: Pick<Experiment, 'cells'>): Combination[] {
  const found = new Map<string, { labels: string[]; cells: { seed: number; run: number | null }[] }>()
  for (const { labels, seed, run } of cells) {
    const key = combinationKey(labels)
    const combination = found.get(key) ?? { labels, cells: [] }
    combination.cells.push({ seed, run })
    found.set(key, combination)
  }
  return [...found.values()]
}
