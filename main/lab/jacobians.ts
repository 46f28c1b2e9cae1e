import path from 'node:path'
import type { DatasetSummary, JacobianAnswer, JobReceived, RequestOutput, RequestReceived } from '../../shared/api'
import { UserError } from '../../shared/errors'
import { initialWords } from '../../shared/initial-weights'
import type { JacobianTask } from '../engine/questions'
import { askedSet, type DataWorld, standardisation } from './asked-data'
import { weightsAsked, type WeightsWorld } from './asked-weights'
import type { Handlers, JobControl } from './boundary'
import type { EngineWorld } from './engine-handlers'
import type { Jobs } from './jobs'
import type { KeptJacobians } from './kept-jacobians'
import { chooseNetwork } from './start'

type Asked = JobReceived<'networks.jacobians'>
type Single = RequestReceived<'networks.spectrum'>

export interface JacobianWorld extends DataWorld, WeightsWorld {
  readonly kept: KeptJacobians
  readonly jobs: Jobs
}

/** One piece at images of a file. */
export async function oneSpectrum(
  world: Pick<EngineWorld, 'ask' | 'keptWeights'>,
  { network, unit, to = unit, part, weights, map, batch, mode, image, ...search }: Single,
): Promise<RequestOutput<'networks.spectrum'>> {
  const { pieces } = await world.ask('jacobian', {
    network: chooseNetwork(network).document,
    weights: typeof weights === 'string' ? { file: weights, map } : { file: world.keptWeights(weights).file },
    points: { file: batch, image },
    pieces: [{ from: unit, to }],
    ...{ mode, search, withBranch: part === 'branch', alignment: 0, partialProbes: 0, withRepairs: false },
  })
  const { spectrum, branch } = pieces[0]!
  if (part === 'whole') return { ...spectrum, mode }
  if (branch) return { ...branch, mode }
  throw new UserError('it adds nothing to its input, so it has no branch', {
    place: `unit "${unit}"`,
    remedy: 'ask for the whole',
  })
}

/** What the lab answers about the Jacobians of networks. */
export function jacobianHandlers(world: JacobianWorld): Pick<Handlers, 'networks.jacobians'> {
  return {
    'networks.jacobians': (asked, control) => measureKept(world, asked, control),
  }
}

/** What is known from before, or is measured now. */
export async function measureKept(world: JacobianWorld, asked: Asked, control: JobControl): Promise<JacobianAnswer> {
  const { network, weights, task } = planJacobians(world, asked)
  const key = world.kept.keyOf(task)
  const kept = world.kept.read(key)
  if (kept) return { network, weights, ...kept }
  const found = await world.jobs.run('jacobian', task, control)
  world.kept.write(key, found)
  return { network, weights, ...found }
}

/** @throws UserError where no network is known, or data and standardisation do not fit. */
function planJacobians(
  world: JacobianWorld,
  { network: given, weights: from, points, exactUpTo, tolerance, steps, probes, ...question }: Asked,
): { network: string; weights: string; task: JacobianTask } {
  const { network: own, dataset, weights } = weightsAsked(world, from)
  const choice = given ?? (own as Asked['network'])
  if (choice === undefined)
    throw new UserError('weights alone do not say which network they are of', {
      place: 'networks.jacobians',
      remedy: 'say which network',
    })
  const images = 'data' in points ? imagesOf(world, points, from) : { points, dataset: undefined }
  const { document } = chooseNetwork(choice, images.dataset ?? dataset)
  return {
    network: document.name,
    weights: 'seed' in weights ? initialWords(weights) : nameOf(weights),
    task: {
      ...{ network: document, weights },
      points: images.points,
      search: { exactUpTo, tolerance, steps, probes },
      ...question,
    },
  }
}

function imagesOf(
  world: JacobianWorld,
  { data, split, image, count, ...given }: Extract<Asked['points'], { data: string }>,
  weights: Asked['weights'],
): { points: JacobianTask['points']; dataset: DatasetSummary } {
  const asked = { data, weights, ...given }
  const dataset = askedSet(world, asked)
  const { name } = dataset
  const points = { data: name, dataFolder: world.catalogue.folder, ...{ split, image, count } }
  return { dataset, points: { ...points, standardisation: standardisation(world, asked, dataset) } }
}

const nameOf = ({ name, file }: { name?: string | undefined; file: string }): string => name ?? path.basename(file)
