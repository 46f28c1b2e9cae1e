import { UserError } from '../../shared/errors'
import type { LayerOperator } from '../../shared/spectra/layer-operators'
import { tensorsOf, ToldLayers } from '../../shared/spectra/told-layers'
import { SafetensorsReader } from '../formats/safetensors'
import { digestOf } from './checkpoint-digest'
import { readJson } from './text-rows'

/** The `format` in the metadata of weights that a recorder kept. */
const RECORDED_FORMAT = 'normlab/recorded-weights/1'

/** Weights that a recorder kept: they lie where a run's checkpoints do, and hold the kernels of its linear layers. */
export interface RecordedWeights {
  readonly reader: SafetensorsReader
  /** In the order in which the network has them. */
  readonly layers: readonly LayerOperator[]
}

/** Its owner closes the reader. @throws UserError where the file is something else, or a layer lacks its tensor. */
export function openRecordedWeights(file: string, name = file): RecordedWeights {
  const reader = SafetensorsReader.open(file, name)
  try {
    return { reader, layers: layersOf(reader) }
  } catch (error) {
    reader.close()
    throw error
  }
}

function layersOf(reader: SafetensorsReader): LayerOperator[] {
  const { format, layers } = reader.metadata
  const wrong = (what: string): UserError => new UserError(what, { place: reader.file })
  if (format !== RECORDED_FORMAT || layers === undefined) throw wrong('these are no weights that a recorder kept')
  const told = ToldLayers.safeParse(readJson(layers))
  if (!told.success) throw wrong('what is told of its layers cannot be read')
  const { data } = told
  if (new Set(data.map(({ name }) => name)).size < data.length) throw wrong('two of its layers have one name')
  for (const tensor of data.flatMap(tensorsOf)) {
    const found = reader.has(tensor.name) ? reader.info(tensor.name) : undefined
    if (found?.dtype !== 'F32' || found.shape.join() !== tensor.shape.join())
      throw wrong(`the tensor "${tensor.name}" is not as its layer has it, [${tensor.shape.join(', ')}]`)
  }
  return data
}

/** Looks the file through before it is taken in. @throws UserError where it is something else, cut off or damaged. */
export function checkRecordedWeights(file: string): void {
  const { reader } = openRecordedWeights(file)
  try {
    const tensors = function* (): Generator<{ name: string; data: Float32Array }> {
      for (const { name } of reader.tensors) yield { name, data: reader.readFloats(name) }
    }
    if (digestOf(tensors()) !== reader.metadata['digest'])
      throw new UserError('the weights are damaged: their digest does not fit', { place: file })
  } finally {
    reader.close()
  }
}
