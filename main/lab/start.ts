import type { z } from 'zod'
import type { DatasetSummary, NetworkSummary, RequestReceived } from '../../shared/api'
import {
  checkDepth,
  checkGroups,
  checkNormValues,
  clippedLayers,
  penalisedLayers,
  type ExpandedNetwork,
  expand,
  inspectNetwork,
  projectedLayers,
  resolveNetwork,
  spectralLayers,
  whitenedLayers,
} from '../../shared/architecture'
import { checkParts } from '../../shared/parts'
import type { NetworkDocument } from '../../shared/architecture/document'
import { checkRate } from '../../shared/optimisers'
import { type AskedTraining, Configuration, Training } from '../../shared/configuration'
import { sizeWords } from '../../shared/datasets/sample-words'
import { isUserError, UserError } from '../../shared/errors'
import { epochsOfSteps, stepsPerEpoch } from '../../shared/run-length'
import { checkAugmentation } from '../datasets/augment'
import type { Catalogue } from '../datasets/catalogue'
import { checkBatch } from '../datasets/batches'
import { sampleOf, splitSize } from '../datasets/dataset'
import { checkRoles } from '../datasets/roles'
import { checkMemory } from './memory'

type Choice = string | NetworkDocument

/**
 * The network that was asked for; a preset that does not say its geometry takes the data set's.
 *
 * @throws UserError where it is none, or makes no network of that geometry.
 */
export function chooseNetwork(
  choice: Choice,
  dataset?: Pick<DatasetSummary, 'name' | 'shape' | 'vectors' | 'classes'>,
): ReturnType<typeof resolveNetwork> {
  if (dataset === undefined) return resolveNetwork(choice)
  const { name, shape, vectors, classes } = dataset
  try {
    const resolved = resolveNetwork(choice, { input: shape as [number, number, number], classes: classes.length })
    // The geometry of layers is looked at when they are laid out.
    if (vectors) expand(resolved.document)
    return resolved
  } catch (error) {
    if (!isUserError(error) || !vectors || !isNetwork(choice)) throw error
    const { place } = error.options
    throw new UserError(`this network is of images, and "${name}" holds vectors, images of one pixel to it: ${error.problem}`, {
      ...(place !== undefined && { place }),
      remedy: 'take residual-mlp, which is meant for vectors, or a data set of images',
    })
  }
}

/** Whether it is a network of the geometry that it has by itself. */
function isNetwork(choice: Choice): boolean {
  try {
    expand(resolveNetwork(choice).document)
    return true
  } catch (error) {
    if (isUserError(error)) return false
    throw error
  }
}

/**
 * Everything that decides the run's numbers, checked before anything starts.
 *
 * @throws UserError where the network, the data or a setting is wrong, or they do not fit together.
 */
export function planRun(
  catalogue: Catalogue,
  input: Omit<RequestReceived<'runs.start'>, 'weights'>,
  /** Trained at another place: this machine's memory is no matter. */
  isElsewhere = false,
): {
  configuration: Configuration
  network: NetworkSummary
  /** Of its splits, as many as it takes. */
  images: { train: number; test: number }
  /** What the reader should know before the run begins. */
  warning: string | undefined
} {
  const dataset = catalogue.describe(input.data.name)
  const images = checkRoles(dataset, input.data)
  checkBatch(input.training.batch, images.train)
  const { document, preset } = chooseNetwork(input.network, dataset)
  // A made set has one name for all the ways in which its numbers can be written.
  const data = { ...input.data, name: dataset.name }
  const { execution, seed } = input
  // Which images they were is part of what decides the numbers.
  const dataHash = dataset.hash
  checkEarlyStop(input.training)
  checkParts({ execution, training: input.training })
  const training = withEpochs(input.training, stepsPerEpoch(images.train, input.training.batch))
  const expanded = expand(document)
  checkGeometry(expanded, dataset)
  checkAugmentation(training.augmentation, sampleOf(dataset))
  checkNormValues(expanded, training.batch)
  checkGroups(expanded, training.groups)
  const unscaled = checkDepth(expanded, training.depth)
  projectedLayers(expanded, training.projection.layers)
  whitenedLayers(expanded, training.whitening.layers)
  clippedLayers(expanded, training.clip.layers)
  if (training.orthogonality.form !== 'none') penalisedLayers(expanded, training.orthogonality.layers)
  if (training.spectra.every + training.spectra.epochs > 0) spectralLayers(expanded, training.spectra.layers)
  const unfit = isElsewhere ? undefined : checkMemory(expanded, { ...training, ...execution })
  const warnings = [unscaled, unfit, checkRate(training)].filter((warning) => warning !== undefined)
  return {
    configuration: Configuration.parse({
      ...{ network: document, data, training, execution, seed },
      ...(preset !== undefined && { preset }),
      ...(dataHash !== undefined && { dataHash }),
    }),
    network: inspectNetwork(document, expanded),
    images,
    warning: warnings.length > 0 ? warnings.join('; ') : undefined,
  }
}

/** @throws UserError where the run is to end by a test that it never makes. */
function checkEarlyStop({ earlyStop, evaluation }: Pick<Training, 'earlyStop' | 'evaluation'>): void {
  if (!earlyStop.measure.startsWith('test') || evaluation.every > 0) return
  throw new UserError('the run would end by a test that it never makes before its end', {
    place: 'training.earlyStop.measure',
    remedy: 'set evaluation.every to 1 or more, leave out --no-test, or stop by train-loss',
  })
}

/** Images of the training split that a run's data come to. @throws UserError where its set is gone or has changed. */
export function trainingImages(catalogue: Catalogue, { data, dataHash }: Pick<Configuration, 'data' | 'dataHash'>): number {
  return splitSize(catalogue.describeOfRun(data.name, dataHash), data.trainSplit, data.train)
}

/** With the epochs that its steps make where it was given in steps alone, the usual ones where it was given in neither. */
function withEpochs({ epochs, ...asked }: z.output<typeof AskedTraining>, perEpoch: number): Training {
  const { steps } = asked
  return Training.parse({ ...asked, epochs: epochs ?? (steps === undefined ? undefined : epochsOfSteps(steps, perEpoch)) })
}

/** @throws UserError where the network's input or its classes are not the data set's. */
export function checkGeometry(
  network: ExpandedNetwork,
  dataset: Pick<DatasetSummary, 'name' | 'shape' | 'vectors' | 'classes'>,
): void {
  const wanted = network.layers[network.input]!.shape.join('×')
  const given = dataset.shape.join('×')
  const place = `network "${network.name}"`
  if (wanted !== given)
    throw new UserError(
      dataset.vectors
        ? `its input is ${wanted} and the vectors of "${dataset.name}" have ${sizeWords(dataset)}`
        : `its input is ${wanted} and the images of "${dataset.name}" are ${given}`,
      {
        place,
        remedy: `give the network the input ${given}, or choose another data set`,
      },
    )
  const classes = network.layers[network.logits]!.shape[0]!
  if (classes !== dataset.classes.length)
    throw new UserError(`it tells ${classes} classes apart and "${dataset.name}" has ${dataset.classes.length}`, {
      place,
      remedy: `give its last layer ${dataset.classes.length} outputs, or choose another data set`,
    })
}
