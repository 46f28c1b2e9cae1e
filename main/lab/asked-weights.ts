import type { DatasetSummary, JobReceived } from '../../shared/api'
import type { InitialWeights } from '../../shared/initial-weights'
import type { Catalogue } from '../datasets/catalogue'
import type { SpectraTask } from '../engine/questions'

type Asked = JobReceived<'kernels.spectra'>['weights']

export interface WeightsWorld {
  readonly catalogue: Catalogue
  /** Weights that lie in the data folder, with the network that they are of. */
  keptWeights(from: Exclude<Asked, { file: string } | { seed: number }>): { network: unknown; file: string; name?: string }
}

/** Initial values as the engine is asked for them, and the set whose images they take: with unit variance alone. */
export function initialAsked<T extends InitialWeights>(
  catalogue: Catalogue,
  from: T,
): { dataset: DatasetSummary | undefined; weights: T & { dataFolder: string } } {
  const dataset = from.lsuv ? catalogue.describe(from.data.name) : undefined
  return { dataset, weights: { ...from, dataFolder: catalogue.folder } }
}

/** Weights as the engine is asked for them; the network that they are of, where they have one, and the set whose images it has to take. */
export function weightsAsked(
  { catalogue, keptWeights }: WeightsWorld,
  from: Asked,
): { network?: unknown; dataset: DatasetSummary | undefined; weights: SpectraTask['weights'] } {
  if ('seed' in from) return initialAsked(catalogue, from)
  if ('file' in from) return { dataset: undefined, weights: from }
  const { network, ...weights } = keptWeights(from)
  return { network, dataset: undefined, weights }
}
