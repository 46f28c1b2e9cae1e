import type { Lab } from '../../shared/api'
import type { LibraryItem, WeightsSource } from '../../shared/library'

/** What weights are called where they become a file: the network's, the item's or the run's name. */
export async function weightsName(lab: Lab, from: WeightsSource): Promise<string> {
  if ('run' in from) return `run-${from.run}-${(await lab.request('runs.show', { run: from.run })).name}`
  if ('item' in from) return (await lab.request('library.show', { id: from.item })).name
  return typeof from.network === 'string' ? from.network : from.network.name
}

/** The sentence with which weights that were brought in are told of. */
export function weightsTakenIn({ name, weights }: LibraryItem): string {
  return `“${name}” has the weights of ${weights?.name ?? 'the file'} now.`
}
