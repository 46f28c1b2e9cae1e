import { countParameters, expand } from '../../../shared/architecture'
import type { NetworkDocument } from '../../../shared/architecture/document'
import { fold } from '../../../shared/architecture/foreign/fold'
import { isUserError, UserError } from '../../../shared/errors'
import type { ImportReport } from '../../../shared/import-report'
import { elements } from '../../../shared/ops/op'
import { type TensorSource } from '../../formats/safetensors'
import { turned, type WantedLayer, wantedLayers } from '../weights/layers'
import type { ForeignNetwork } from './network'

export interface TakenNetwork {
  readonly document: NetworkDocument
  readonly report: ImportReport
  /** Its weights by our names; empty where not all of them came. */
  readonly tensors: readonly TensorSource[]
}

/** Numbers that a network may learn, however small its file is: 64 MB. */
const MOST_OF_SMALL = 2 ** 24
/** So many for each byte of a larger one. Layers may share weights there, and here each learns its own. */
const MOST_OF_A_BYTE = 16

/**
 * Folds a foreign network into a document, and gives its weights our names and axes.
 *
 * @param bytes Of its file, with what lies beside that.
 * @throws UserError where a weight has another shape than its layer, or is not finite, or all together are far more than the file holds.
 */
export function takeNetwork(foreign: ForeignNetwork, called: string, bytes: number): TakenNetwork {
  const { document, names, blocks } = fold(foreign.layers, foreign.name)
  const counts = new Map<string, number>()
  for (const { kind } of foreign.layers) counts.set(kind, (counts.get(kind) ?? 0) + 1)
  const report = {
    ...{ format: foreign.format, producer: foreign.producer.slice(0, 200) },
    taken: [...counts]
      .filter(([kind]) => !kind.startsWith('x-'))
      .map(([kind, count]) => ({ kind, count }))
      .sort((a, b) => b.count - a.count),
    folded: [...blocks],
    ...{ approximated: [...foreign.approximated], left: [...foreign.left], unsupported: [...foreign.unsupported] },
    ...{ parameters: null, hasWeights: false },
  }
  if (foreign.unsupported.length > 0) return { document, report, tensors: [] }
  try {
    const network = expand(document)
    const places = new Map(names.map((name, at) => [name, at]))
    const wanted = wantedLayers(network)
    checkSize(wanted, called, bytes)
    const tensors = wanted.flatMap((layer) => {
      const own = foreign.tensors[places.get(layer.name)!]!
      return layer.tensors.map((wanted): TensorSource => {
        const tensor = own[wanted.role]
        if (!tensor)
          throw new UserError(
            `there are no values for the ${wanted.role} of "${foreign.layers[places.get(layer.name)!]!.name}"`,
            { place: called },
          )
        const shape = tensor.order === 'own' ? wanted.shape : wanted.torch.shape
        if (tensor.shape.join() !== shape.join())
          throw new UserError(
            `the ${wanted.role} of "${foreign.layers[places.get(layer.name)!]!.name}" is ${tensor.shape.join('×') || 'a single number'}, and its layer takes ${shape.join('×')}`,
            { place: called, remedy: 'export the network again' },
          )
        const read = (): Float32Array => {
          const values = tensor.read()
          const odd = values.find((value) => !Number.isFinite(value))
          if (odd !== undefined)
            throw new UserError(`the ${wanted.role} of ${layer.name} holds ${odd}`, {
              place: called,
              remedy: 'use other weights',
            })
          return tensor.order === 'own' ? values : turned(values, wanted, wanted.torch.turn)
        }
        return { name: wanted.name, shape: wanted.shape, dtype: 'F32', data: () => [read()] }
      })
    })
    return { document, report: { ...report, parameters: countParameters(network), hasWeights: true }, tensors }
  } catch (error) {
    // What does not fit together is a network all the same: it is shown with what is wrong in it.
    if (!isUserError(error) || error.options.place === called) throw error
    return {
      document,
      report: { ...report, unsupported: [{ name: error.options.place ?? foreign.name, what: 'network', why: error.problem }] },
      tensors: [],
    }
  }
}

/** @throws UserError where layers would take far more numbers than their file has. */
function checkSize(layers: readonly WantedLayer[], called: string, bytes: number): void {
  const count = layers.reduce((sum, { tensors }) => sum + tensors.reduce((all, { shape }) => all + elements(shape), 0), 0)
  if (count <= Math.max(MOST_OF_SMALL, MOST_OF_A_BYTE * bytes)) return
  throw new UserError(
    `its layers would have ${count.toPrecision(2)} numbers of their own, far more than its ${bytes} bytes hold: layers that share weights each learn their own here, and packed ones are unpacked`,
    { place: called, remedy: 'choose a file that you trust, or export a network whose layers share less' },
  )
}
