import { expand } from '../../shared/architecture'
import type { DatasetSummary, JobReceived } from '../../shared/api'
import { classFigures, confusionMatrix, MOST_MATRIX_CLASSES, scoresWithout } from '../../shared/classification'
import type { Configuration } from '../../shared/configuration'
import { isUserError, UserError } from '../../shared/errors'
import type { Catalogue } from '../datasets/catalogue'
import { keptChecks } from '../datasets/checks/kept-checks'
import type { TestAnswer, TestTask } from '../engine/protocol'
import type { Handlers } from './boundary'
import type { Jobs } from './jobs'
import { checkGeometry, chooseNetwork } from './start'

type Asked = JobReceived<'networks.test'>

export interface TestWorld {
  readonly catalogue: Catalogue
  readonly jobs: Jobs
  /** Weights that lie in the data folder, with the network that they are of. */
  keptWeights(from: { readonly run: number } | { readonly item: number }): { network: unknown; file: string; name?: string }
  configurationOf(run: number): Configuration
}

/** What the lab answers about given weights on a split. */
export function testHandlers(world: TestWorld): Pick<Handlers, 'networks.test'> {
  const { catalogue, jobs } = world
  return {
    async 'networks.test'(asked, control) {
      const dataset = askedSet(world, asked)
      const { network: own, ...weights } =
        'file' in asked.weights ? { ...asked.weights, network: undefined } : world.keptWeights(asked.weights)
      const choice = asked.network ?? (own as Asked['network'])
      if (choice === undefined)
        throw new UserError('a file of weights has no network with it', { place: 'networks.test', remedy: 'say which network' })
      const { document } = chooseNetwork(choice, dataset)
      checkGeometry(expand(document), dataset)
      const task: TestTask = {
        kind: 'test',
        ...{ network: document, weights },
        ...{ data: dataset.name, dataFolder: catalogue.folder, split: asked.split, threads: asked.threads },
        standardisation: standardisation(world, asked, dataset),
      }
      const answer = (await jobs.run(task, control)) as TestAnswer
      const where = { network: document.name, data: dataset.name, split: asked.split }
      return { ...told(dataset.classes, answer), withoutCopies: scoresWithoutCopies(catalogue, where, answer), ...where }
    },
  }
}

/** The set that is asked for; that of a run is also known where it was imported again under another name. */
function askedSet({ catalogue, configurationOf }: TestWorld, { weights, data }: Asked): DatasetSummary {
  if ('run' in weights && catalogue.list().every(({ name }) => name !== data)) {
    const trained = configurationOf(weights.run)
    if (trained.data.name === data) return catalogue.describeOfRun(data, trained.dataHash)
  }
  return catalogue.describe(data)
}

/** @throws UserError where mean and deviation are not both given, or not for each channel, or a deviation is not above 0. */
function standardisation(
  world: TestWorld,
  { mean, std, weights, data }: Asked,
  { shape, splits }: DatasetSummary,
): TestTask['standardisation'] {
  if ((mean === undefined) !== (std === undefined))
    throw new UserError(`a ${mean ? 'mean' : 'deviation'} alone standardises nothing`, { remedy: 'give both or neither' })
  if (mean && std) {
    const channels = shape[2]!
    const wrong = [mean, std].find((values) => values.length !== channels)
    if (wrong)
      throw new UserError(`${wrong.length} values were given for images of ${channels} channels`, {
        place: 'mean and deviation',
        remedy: `give ${channels} of each`,
      })
    if (std.some((value) => value <= 0))
      throw new UserError('a deviation is not above 0', { place: 'deviation', remedy: 'give those of the training images' })
    return { mean, std }
  }
  if (!('run' in weights)) return { of: { name: data, split: (splits.find(({ name }) => name === 'train') ?? splits[0]!).name } }
  const { training, data: trained, dataHash } = world.configurationOf(weights.run)
  if (training.standardisation === 'none') return null
  return { of: { name: trainedSet(world.catalogue, trained.name, dataHash), split: trained.trainSplit, images: trained.train } }
}

/** The name that a run's set has now. @throws UserError where it is gone or has changed, so that its mean and deviation are not known. */
function trainedSet(catalogue: Catalogue, name: string, hash: string | undefined): string {
  try {
    return catalogue.describeOfRun(name, hash).name
  } catch (error) {
    if (!isUserError(error)) throw error
    const { place, remedy = '' } = error.options
    throw new UserError(`the run is standardised by its training images, and ${error.problem}`, {
      ...(place !== undefined && { place }),
      remedy: `${remedy}; or give the mean and deviation that it was trained with`,
    })
  }
}

/** By the checks of the set that are on record; of `train` itself nothing is said. */
function scoresWithoutCopies(
  catalogue: Catalogue,
  { data, split }: { readonly data: string; readonly split: string },
  { labels, predictions, losses, loss }: TestAnswer,
): Told['withoutCopies'] {
  const checks = split === 'train' ? null : keptChecks(catalogue, data)
  if (!checks?.copied || !checks.splits.some(({ name }) => name === 'train')) return null
  const copied = checks.copied[split] ?? []
  return { copies: copied.length, ...scoresWithout(labels, predictions, losses, copied), ...(copied.length === 0 && { loss }) }
}

function told(names: readonly string[], answer: TestAnswer): Omit<Told, 'network' | 'data' | 'split' | 'withoutCopies'> {
  const { labels, predictions, losses, loss, statistics } = answer
  const figures = classFigures(labels, predictions, names.length)
  return {
    images: labels.length,
    accuracy: figures.reduce((sum, { right }) => sum + right, 0) / labels.length,
    loss,
    classes: figures.map((figure, k) => ({ name: names[k]!, ...figure })),
    confusion: names.length > MOST_MATRIX_CLASSES ? null : confusionMatrix(labels, predictions, names.length),
    ...{ labels, predictions, losses },
    mean: statistics && [...statistics.mean],
    std: statistics && [...statistics.std],
  }
}

type Told = Awaited<ReturnType<Handlers['networks.test']>>
