import type { DatasetSummary } from '../../shared/api'
import type { Configuration } from '../../shared/configuration'
import { isUserError, UserError } from '../../shared/errors'
import type { Catalogue } from '../datasets/catalogue'
import type { GivenStandardisation } from '../engine/questions'

export interface DataWorld {
  readonly catalogue: Catalogue
  configurationOf(run: number): Configuration
}

/** Images of a data set that given weights shall see. */
export interface AskedImages {
  readonly data: string
  readonly weights: { readonly run: number } | object
  readonly mean?: readonly number[] | undefined
  readonly std?: readonly number[] | undefined
}

/** The set that is asked for; that of a run is also known where it was imported again under another name. */
export function askedSet({ catalogue, configurationOf }: DataWorld, { weights, data }: AskedImages): DatasetSummary {
  if ('run' in weights && catalogue.list().every(({ name }) => name !== data)) {
    const trained = configurationOf(weights.run)
    if (trained.data.name === data) return catalogue.describeOfRun(data, trained.dataHash)
  }
  return catalogue.describe(data)
}

/**
 * What the pixels that a network sees are standardised by: what is given; else what the run of its weights trained with; else the set's
 * training split.
 *
 * @throws UserError where mean and deviation are not both given, or not for each channel, or a deviation is not above 0.
 */
export function standardisation(
  world: DataWorld,
  { mean, std, weights, data }: AskedImages,
  { shape, splits }: DatasetSummary,
): GivenStandardisation {
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
