import { expand, networkFromDocument } from '../../../shared/architecture'
import { UserError } from '../../../shared/errors'
import { writeFile } from '../../files/write-file'
import { encodeOnnx } from '../foreign/onnx/write'
import { statisticLayout } from '../graph/layout'
import type { ExportNetworkTask, WrittenWeights } from '../questions'
import { openWeightsFor, readParameter, statisticsPrefix } from '../weights'
import { turnedBack, wantedLayers } from '../weights/layers'

/** Larger files ONNX wants in parts. */
const MOST_BYTES = 2 ** 31 - 1

/**
 * Writes a network with its weights as an ONNX file.
 *
 * @throws UserError where it has a layer that ONNX has not, or the weights lack moving statistics.
 */
export async function exportNetwork({
  network: document,
  file,
  name,
  producer,
  out,
}: ExportNetworkTask): Promise<WrittenWeights> {
  const network = expand(networkFromDocument(document))
  const weights = await openWeightsFor(network, { file, name })
  try {
    const statistics = statisticLayout(network)
    if (statistics.length > 0 && statisticsPrefix(weights, statistics) === undefined)
      throw new UserError('the weights have no moving statistics, by which batch norm goes in an exported network', {
        place: name ?? file,
        remedy: 'take weights of a run, or of a file that has them',
      })
    const layers = new Map(wantedLayers(network).map(({ name: layer, tensors }) => [layer, tensors]))
    const numbers = network.layers.reduce(
      (sum, { parameters }) => sum + parameters.reduce((all, { shape }) => all + shape.reduce((a, b) => a * b, 1), 0),
      0,
    )
    if (4 * numbers > MOST_BYTES)
      throw new UserError(`its ${numbers} weights are more than one ONNX file holds`, {
        place: network.name,
        remedy: 'export them as safetensors',
      })
    let tensors = 0
    const bytes = encodeOnnx(
      network,
      (layer, role) => {
        const wanted = layers.get(layer.name)?.find((one) => one.role === role)
        if (!wanted) return undefined
        tensors++
        return { dims: wanted.torch.shape, values: turnedBack(readParameter(weights, wanted.name), wanted, wanted.torch.turn) }
      },
      producer,
    )
    writeFile(out, bytes)
    return { tensors, parameters: numbers }
  } finally {
    weights.close()
  }
}
