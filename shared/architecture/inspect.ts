import type { NetworkSummary } from '../api'
import { elements } from '../ops/op'
import type { NetworkDocument } from './document'
import { type ExpandedNetwork, expand, type Layer, recordedUnits } from './expand'

const parametersOf = (layer: Layer): number => layer.parameters.reduce((sum, { shape }) => sum + elements(shape), 0)

/** Learned numbers of the network. */
export function countParameters(network: ExpandedNetwork): number {
  return network.layers.reduce((sum, layer) => sum + parametersOf(layer), 0)
}

/** What a document amounts to: layers, units, shapes, parameters, and operations of one image's forward pass. */
export function inspectNetwork(document: NetworkDocument, network: ExpandedNetwork = expand(document)): NetworkSummary {
  const layers = network.layers.map((layer) => ({
    name: layer.name,
    kind: layer.op.kind,
    shape: [...layer.shape],
    parameters: parametersOf(layer),
    flops: layer.op.flops(layer.inputShapes, layer.attributes, layer.shape),
  }))
  return {
    name: document.name,
    document,
    nodes: layers.length,
    blocks: network.units.filter((unit) => unit.kind === 'block').length,
    parameters: countParameters(network),
    flops: layers.reduce((sum, layer) => sum + layer.flops, 0),
    units: recordedUnits(network),
    layers,
  }
}
