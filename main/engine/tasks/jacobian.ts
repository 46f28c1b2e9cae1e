import { expand, networkFromDocument } from '../../../shared/architecture'
import { UserError } from '../../../shared/errors'
import { SafetensorsReader } from '../../formats/safetensors'
import { parameterLayout, statisticLayout } from '../graph/layout'
import type { JacobianTask } from '../protocol'
import { unitJacobian } from '../spectra/jacobian'
import { matrixSpectrum } from '../spectra/spectrum'
import { openWeightsFor, readStatistics, readWeights } from '../weights'
import { readImages } from './tensors'

/**
 * The singular values of a unit's Jacobian, descending, at images of a file.
 *
 * @throws UserError where files, network and unit do not fit, or the Jacobian is too large.
 */
export async function unitSpectrum(task: JacobianTask): Promise<{ singularValues: Float32Array; rows: number; columns: number }> {
  const network = expand(networkFromDocument(task.network))
  const weights = await openWeightsFor(network, { file: task.weights })
  const file = SafetensorsReader.open(task.batch)
  try {
    const { images, count } = points(file, network.layers[network.input]!.shape, task)
    const kept = statisticLayout(network)
    const { rows, columns, values } = unitJacobian({
      ...{ network, unit: task.unit, mode: task.mode, images, count },
      parameters: readWeights(weights, parameterLayout(network)),
      statistics: task.mode === 'inference' ? readStatistics(weights, kept) : new Float32Array(kept.length),
    })
    if (!values.every(Number.isFinite))
      throw new UserError('its Jacobian holds values that are not finite', { place: `unit "${task.unit}"` })
    return { singularValues: matrixSpectrum(values, rows, columns), rows, columns }
  } finally {
    weights.close()
    file.close()
  }
}

/** One image of the file, or all of them. */
function points(
  file: SafetensorsReader,
  shape: readonly number[],
  { mode, image }: JacobianTask,
): { images: Float32Array; count: number } {
  const found = file.info('images').shape
  const place = `${file.file}: tensor "images"`
  if (found.length !== 4 || found.slice(1).join() !== shape.join())
    throw new UserError(`it is ${found.join('×')}, the network takes N×${shape.join('×')}`, {
      place,
      remedy: 'set the preset’s input= to the images’ size',
    })
  const images = readImages(file, 'images')
  const count = found[0]!
  if (mode === 'training') return { images, count }
  if (image >= count)
    throw new UserError(`there is no image ${image}, it has ${count}`, { place, remedy: `use --image 0 to ${count - 1}` })
  const each = images.length / count
  return { images: images.slice(image * each, (image + 1) * each), count: 1 }
}
