import { expand } from '../../shared/architecture'
import type { JobReceived } from '../../shared/api'
import { classFigures, confusionMatrix, MOST_MATRIX_CLASSES, scoresWithout } from '../../shared/classification'
import type { Configuration } from '../../shared/configuration'
import { UserError } from '../../shared/errors'
import type { Catalogue } from '../datasets/catalogue'
import { knownCopies } from '../datasets/checks/kept-checks'
import type { TestAnswer } from '../engine/questions'
import { askedSet, standardisation } from './asked-data'
import type { Handlers } from './boundary'
import type { Jobs } from './jobs'
import { checkGeometry, chooseNetwork } from './start'

type Asked = JobReceived<'networks.test'>

export interface TestWorld {
  readonly catalogue: Catalogue
  readonly jobs: Jobs
  /** Weights that lie in the data folder, with the network that they are of. */
  keptWeights(from: { readonly run: number; readonly step?: number | undefined } | { readonly item: number }): {
    network: unknown
    file: string
    name?: string
  }
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
      const task = {
        ...{ network: document, weights },
        ...{ data: dataset.name, dataFolder: catalogue.folder, split: asked.split, threads: asked.threads },
        withLogits: asked.withLogits,
        standardisation: standardisation(world, asked, dataset),
      }
      const answer = await jobs.run('test', task, control)
      const where = { network: document.name, data: dataset.name, split: asked.split }
      return { ...told(dataset.classes, answer), withoutCopies: scoresWithoutCopies(catalogue, where, answer), ...where }
    },
  }
}

/** By the checks of the set that are on record; of `train` itself nothing is said. */
function scoresWithoutCopies(
  catalogue: Catalogue,
  { data, split }: { readonly data: string; readonly split: string },
  { labels, predictions, losses, loss }: TestAnswer,
): Told['withoutCopies'] {
  const copied = knownCopies(catalogue, data, split)
  return (
    copied && {
      copies: copied.length,
      ...scoresWithout(labels, predictions, losses, copied),
      ...(copied.length === 0 && { loss }),
    }
  )
}

function told(names: readonly string[], answer: TestAnswer): Omit<Told, 'network' | 'data' | 'split' | 'withoutCopies'> {
  const { labels, predictions, losses, logits, loss, statistics, remarks } = answer
  const figures = classFigures(labels, predictions, names.length)
  return {
    images: labels.length,
    accuracy: figures.reduce((sum, { right }) => sum + right, 0) / labels.length,
    loss,
    classes: figures.map((figure, k) => ({ name: names[k]!, ...figure })),
    confusion: names.length > MOST_MATRIX_CLASSES ? null : confusionMatrix(labels, predictions, names.length),
    ...{ labels, predictions, losses, logits },
    mean: statistics && [...statistics.mean],
    std: statistics && [...statistics.std],
    remarks: [...remarks],
  }
}

type Told = Awaited<ReturnType<Handlers['networks.test']>>
