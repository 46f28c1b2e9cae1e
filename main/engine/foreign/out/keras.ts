import { kerasLayersOf, type KerasLayer } from '../../../../shared/architecture/source/keras'
import type { ExpandedNetwork } from '../../../../shared/architecture'
import { UserError } from '../../../../shared/errors'
import { encodeHdf5, type WrittenArray } from '../../../formats/hdf5-write'
import { encodeZip } from '../../../formats/zip-write'
import { attentionArrays, inOwnLayers, writtenPositions } from './keras-attention'
import type { OutgoingWeights } from './weights'

/** The version whose files these are. */
const KERAS_VERSION = '3.15.1'

/** Weights as `model.load_weights` takes them for the model that the source makes. */
export function kerasWeights(layers: readonly KerasLayer[], weights: OutgoingWeights): Uint8Array[] {
  return encodeHdf5(
    layers.flatMap((one) =>
      one.parts
        ? attentionArrays(one.place, one, weights)
        : (one.call.weights ?? []).map((role, at): WrittenArray => {
            const { dims, values } = weights.own(one.layer, role)!
            return { path: `layers/${one.place}/vars/${at}`, shape: dims, values }
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
  const { layers, input, logits } = kerasLayersOf(network, inOwnLayers)
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
        ...layers.map(({ call, config: given, name, inputs, parts, constant }) => {
          const tensors = inputs.map((from) => ({
            class_name: '__keras_tensor__',
            config: { shape: [null], dtype: 'float32', keras_history: [from, 0, 0] },
          }))
          const all = constant ? [...tensors, writtenPositions(constant, weights)] : tensors
          return {
            ...{ module: 'keras.layers', class_name: call.callee.replace('layers.', ''), name },
            ...{ config: { name, ...given }, registered_name: null },
            inbound_nodes: [{ args: all.length === 1 || parts ? all : [all], kwargs: {} }],
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
