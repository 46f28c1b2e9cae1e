import { elements } from '../../../shared/ops/op'
import { type ExpandedNetwork } from '../../../shared/architecture'
import { UserError } from '../../../shared/errors'
import { BatchFiller } from '../../datasets/batches'
import { Catalogue } from '../../datasets/catalogue'
import { SafetensorsReader } from '../../formats/safetensors'
import { freshStatistics, parameterLayout, statisticLayout, vectorOf } from '../graph/layout'
import type { JacobianTask } from '../questions'
import type { NetworkPointOptions } from '../spectra/network-point'
import { askedStartValues } from '../training/start-values'
import { openWeightsFor, readStatistics, readWeights } from '../weights'
import { standardisationFor } from './standardisation'
import { readImages } from './tensors'

type Values = Pick<NetworkPointOptions, 'parameters' | 'statistics'>
type Images = Pick<NetworkPointOptions, 'images' | 'count'>

/** A network's weights; moving statistics where evaluation needs them. @throws UserError where they do not fit. */
export async function weightsAt(network: ExpandedNetwork, { weights, mode }: JacobianTask): Promise<Values> {
  const [learned, kept] = [parameterLayout(network), statisticLayout(network)]
  if ('seed' in weights)
    return { parameters: await askedStartValues(network, learned, weights), statistics: freshStatistics(kept) }
  const file = await openWeightsFor(network, weights)
  try {
    const statistics = mode === 'inference' ? readStatistics(file, kept) : vectorOf(kept)
    return { parameters: readWeights(file, learned), statistics }
  } finally {
    file.close()
  }
}

/** The images at which it is linearised: one in inference, the batch in training. @throws UserError where they do not fit. */
export function imagesAt(network: ExpandedNetwork, task: JacobianTask): Images {
  const shape = network.layers[network.input]!.shape
  return 'file' in task.points ? ofFile(shape, task.points, task.mode) : ofDataset(shape, task.points, task.mode)
}

function ofFile(
  shape: readonly number[],
  { file, image }: Extract<JacobianTask['points'], { file: string }>,
  mode: JacobianTask['mode'],
): Images {
  const reader = SafetensorsReader.open(file)
  try {
    const found = reader.info('images').shape
    const place = `${file}: tensor "images"`
    if (found.length !== 4 || found.slice(1).join() !== shape.join())
      throw new UserError(`it is ${found.join('×')}, the network takes N×${shape.join('×')}`, {
        place,
        remedy: 'set the preset’s input= to the images’ size',
      })
    const images = readImages(reader, 'images')
    const count = found[0]!
    if (mode === 'training') return { images, count }
    if (image >= count) throw noImage(image, count, place)
    const each = images.length / count
    return { images: images.slice(image * each, (image + 1) * each), count: 1 }
  } finally {
    reader.close()
  }
}

function ofDataset(
  shape: readonly number[],
  { data, dataFolder, split: name, image, count, standardisation }: Extract<JacobianTask['points'], { data: string }>,
  mode: JacobianTask['mode'],
): Images {
  const catalogue = new Catalogue(dataFolder)
  const split = catalogue.openSplit(data, name)
  const place = `data set "${data}", ${name} split`
  try {
    if (split.shape.join() !== shape.join())
      throw new UserError(`its images are ${split.shape.join('×')}, the network takes ${shape.join('×')}`, { place })
    const wanted = mode === 'inference' ? 1 : count
    if (image + wanted > split.length) throw noImage(image + wanted - 1, split.length, place)
    const images = new Float32Array(wanted * elements(shape))
    const indices = Uint32Array.from({ length: wanted }, (_, i) => image + i)
    new BatchFiller(split, standardisationFor(catalogue, standardisation)).fill(split, indices, images, new Int32Array(wanted))
    return { images, count: wanted }
  } finally {
    split.close()
  }
}

const noImage = (image: number, count: number, place: string): UserError =>
  new UserError(`there is no image ${image}, it has ${count}`, { place, remedy: `name one from 0 to ${count - 1}` })
