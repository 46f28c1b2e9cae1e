import path from 'node:path'
import type { JobReceived } from '../../shared/api'
import { UserError } from '../../shared/errors'
import { initialWords } from '../../shared/initial-weights'
import type { SpectraTask } from '../engine/questions'
import type { NetworkDocument } from '../../shared/architecture/document'
import type { Handlers } from './boundary'
import { weightsAsked, type WeightsWorld } from './asked-weights'
import { changeLayer, type ChangeWorld } from './change-layer'
import { chooseNetwork } from './start'

type Asked = JobReceived<'kernels.spectra'>

export interface SpectraWorld extends ChangeWorld, WeightsWorld {
  /** The file of weights that a recorder kept. @throws UserError where there is none. */
  recordedWeights(from: { readonly run: number; readonly step?: number | undefined }): { file: string; name: string }
}

/** What the lab answers about the spectra of networks. */
export function spectraHandlers(world: SpectraWorld): Pick<Handlers, 'kernels.spectra' | 'kernels.change-layer'> {
  const { store, jobs } = world
  return {
    async 'kernels.spectra'({ network, weights, less, ...question }, control) {
      const cacheFolder = path.join(store.home, 'spectra')
      const origin = 'run' in weights ? store.runs.get(weights.run).origin : undefined
      if (origin && 'run' in weights) {
        if (network !== undefined)
          throw new UserError('the weights of a run that was trained elsewhere say themselves of which layers they are', {
            remedy: 'leave the network out',
          })
        const from = world.recordedWeights(weights)
        const taken = less && recordedLess(world, less, weights.run)
        const task = { network: 'recorded', weights: from, less: taken, cacheFolder, ...question }
        const found = await jobs.run('spectra', task, control)
        return { network: store.runs.get(weights.run).network, weights: differenceName(from, taken), ...found }
      }
      const { document, from } = chosen(world, network, weights)
      const taken = less && chosen(world, document, less).from
      const task = { network: document, weights: from, less: taken, cacheFolder, ...question }
      const found = await jobs.run('spectra', task, control)
      return { network: document.name, weights: differenceName(from, taken), ...found }
    },
    async 'kernels.change-layer'({ network, weights, ...question }, control) {
      return changeLayer(world, { ...chosen(world, network, weights), asked: weights, ...question }, control)
    },
  }
}

/** The network, and where its weights lie. @throws UserError where nobody says which network. */
function chosen(
  world: SpectraWorld,
  given: Asked['network'],
  from: Asked['weights'],
): { document: NetworkDocument; from: SpectraTask['weights'] } {
  const { network: own, dataset, weights } = weightsAsked(world, from)
  const choice = given ?? (own as Asked['network'])
  if (choice === undefined)
    throw new UserError('weights alone do not say which network they are of', { place: 'spectra', remedy: 'say which network' })
  return { document: chooseNetwork(choice, dataset).document, from: weights }
}

/** Other weights of the same run: what was trained elsewhere has no network that others' could be fitted to. */
function recordedLess(world: SpectraWorld, less: NonNullable<Asked['less']>, run: number): { file: string; name: string } {
  if ('run' in less && less.run === run) return world.recordedWeights(less)
  throw new UserError('only weights of the same run can be taken off those of a run that was trained elsewhere', {
    remedy: `choose other weights of run ${run}`,
  })
}

/** `the checkpoint of run 3 after step 120, less that after step 60` */
const differenceName = (from: SpectraTask['weights'], less: SpectraTask['less']): string =>
  less === undefined ? nameOf(from) : `${nameOf(from)} less ${nameOf(less)}`

function nameOf(weights: SpectraTask['weights']): string {
  if ('seed' in weights) return initialWords(weights)
  return weights.name ?? weights.file
}
