import type { DatasetSummary, JobReceived } from '../../shared/api'
import type { Catalogue } from '../datasets/catalogue'
import type { SpectraTask } from '../engine/questions'

type Asked = JobReceived<'kernels.spectra'>['weights']

export interface WeightsWorld {
  readonly catalogue: Catalogue
  /** Weights that lie in the data folder, with the network that they are of. */
  keptWeights(from: Exclude<Asked, { file: string } | { seed: number }>): { network: unknown; file: string; name?: string }
}

/** Weights as the engine is asked for them; the network that they are of, where they have one, and the set whose images it has to take. */
export function weightsAsked(
  { catalogue, keptWeights }: WeightsWorld,
  from: Asked,
): { network?: unknown; dataset: DatasetSummary | undefined; weights: SpectraTask['weights'] } {
  if ('seed' in from)
    return {
      dataset: from.lsuv ? catalogue.describe(from.data.name) : undefined,
      weights: { ...from, dataFolder: catalogue.folder },
    }
  if ('file' in from) return { dataset: undefined, weights: from }
  const { network, ...weights } = keptWeights(from)
  return { network, dataset: undefined, weights }
}
