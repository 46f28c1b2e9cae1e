import { kerasLayersOf, type KerasLayer } from '../../../../shared/architecture/source/keras'
import type { ExpandedNetwork } from '../../../../shared/architecture'
import { UserError } from '../../../../shared/errors'
import { encodeHdf5, type WrittenArray } from '../../../formats/hdf5-write'
import { encodeZip } from '../../../formats/zip-write'
import { inOwnLayers } from './keras-attention'
import type { KerasEntry } from './keras-entry'
import { inOperations } from './keras-operations'
import type { OutgoingWeights } from './weights'

/** The version whose files these are. */
const KERAS_VERSION = '3.15.1'

/** Weights as `model.load_weights` takes them for the model that the source makes. */
export function kerasWeights(
  layers: readonly (KerasLayer & Pick<KerasEntry, 'arrays'>)[],
  weights: OutgoingWeights,
): Uint8Array[] {
  return encodeHdf5(
    layers.flatMap(({ call, layer, place, arrays }) =>
      arrays
        ? arrays.map((array) => ({ ...array, path: `layers/${place}/${array.path}` }))
        : (call.weights ?? []).map((role, at): WrittenArray => {
            const { dims, values } = weights.own(layer, role)!
            return { path: `layers/${place}/vars/${at}`, shape: dims, values }
          }),
    ),
  )
}

/**
 * A network as a file of Keras 3: what the model is made of, and its weights, in a zip.
 *
 * @throws UserError where it has a layer that only a class of one's own would be.
 */
export function encodeKeras(network: ExpandedNetwork, weights: OutgoingWeights): Uint8Array[] {
  const { layers, input, logits } = kerasLayersOf(network, (made) => inOperations(inOwnLayers(made, weights), weights))
  const own = layers.find(({ call }) => call.isOwn)
  if (own)
    throw new UserError(`Keras has no layer of its own for "${own.layer.op.title}"`, {
      place: own.layer.name,
      remedy: 'take the network as Keras’s source, or put another layer in its place',
    })
  const sides = network.layers[network.input]!.shape
  const config = {
    ...{ module: 'keras.src.models.functional', class_name: 'Functional' },
    config: {
      ...{ name: 'network', trainable: true },
      layers: [
        {
          ...{ module: 'keras.layers', class_name: 'InputLayer', name: input, inbound_nodes: [] },
          ...{ config: { batch_shape: [null, ...sides], dtype: 'float32', name: input }, registered_name: null },
        },
        ...layers.map(({ call, config: given, name, inputs, args, kwargs = {} }) => {
          const tensors = inputs.map((from) => ({
            class_name: '__keras_tensor__',
            config: { shape: [null], dtype: 'float32', keras_history: [from, 0, 0] },
          }))
          const [group, className] = call.callee.split('.') as [string, string]
          const isOperation = group === 'ops'
          return {
            ...{ module: isOperation ? 'keras.src.ops.numpy' : 'keras.layers', class_name: className, name },
            ...{ config: { name, ...given }, registered_name: isOperation ? className : null },
            inbound_nodes: [{ args: args ? args(tensors) : tensors.length === 1 ? tensors : [tensors], kwargs }],
          }
        }),
      ],
      ...{ input_layers: [input, 0, 0], output_layers: [logits, 0, 0] },
    },
    registered_name: 'Functional',
  }
  const text = (value: unknown): Uint8Array[] => [Buffer.from(JSON.stringify(value))]
  return encodeZip([
    { name: 'metadata.json', pieces: text({ keras_version: KERAS_VERSION }) },
    { name: 'config.json', pieces: text(config) },
    { name: 'model.weights.h5', pieces: kerasWeights(layers, weights) },
  ])
}
