import path from 'node:path'
import type { JobReceived } from '../../shared/api'
import { UserError } from '../../shared/errors'
import type { SpectraFound, SpectraTask } from '../engine/protocol'
import type { Handlers } from './boundary'
import type { Jobs } from './jobs'
import { chooseNetwork } from './start'

type Asked = JobReceived<'kernels.spectra'>

export interface SpectraWorld {
  /** The data folder: what was found is kept in `spectra` there. */
  readonly home: string
  readonly jobs: Jobs
  /** Weights that lie in the data folder, with the network that they are of. */
  keptWeights(from: Exclude<Asked['weights'], { file: string } | { seed: number }>): {
    network: unknown
    file: string
    name?: string
  }
}

/** What the lab answers about the spectra of networks. */
export function spectraHandlers({ home, jobs, keptWeights }: SpectraWorld): Pick<Handlers, 'kernels.spectra'> {
  return {
    async 'kernels.spectra'({ network: given, weights: from, ...question }, control) {
      const { network: own, ...weights } = 'file' in from || 'seed' in from ? { ...from, network: undefined } : keptWeights(from)
      const choice = given ?? (own as Asked['network'])
      if (choice === undefined)
        throw new UserError('weights alone do not say which network they are of', {
          place: 'spectra',
          remedy: 'say which network',
        })
      const { document } = chooseNetwork(choice)
      const task: SpectraTask = {
        kind: 'spectra',
        ...{ network: document, weights, cacheFolder: path.join(home, 'spectra') },
        ...question,
      }
      const found = (await jobs.run(task, control)) as SpectraFound
      return { network: document.name, weights: nameOf(weights), ...found }
    },
  }
}

function nameOf(weights: SpectraTask['weights']): string {
  if ('seed' in weights) return `initial values (${weights.init}, seed ${weights.seed})`
  return weights.name ?? weights.file
}
