import type { ExpandedNetwork, ExpandedUnit, Layer } from '../../../shared/architecture'
import { ops } from '../../../shared/ops'

/** A network with L2 pooling beside one of its transitions: the layer whose value would leave it. */
export interface Pooled {
  readonly network: ExpandedNetwork
  readonly end: number
}

/**
 * What the paper's first version has in a transition's place (arXiv 1805.07477v1): L2 pooling over windows as wide as the transition's stride, and
 * copies of the channels where more of them leave; where fewer do, all are kept, as a DenseNet's are that is brought into that form. The layers
 * are put behind the network's own and take what enters the unit.
 *
 * @returns null where the unit is no transition, or is L2 pooling already, or where windows or copies do not come out whole.
 */
export function withL2Pooling(network: ExpandedNetwork, unit: ExpandedUnit): Pooled | null {
  if (unit.kind !== 'transition' || unit.layers.some((layer) => network.layers[layer]!.op.kind === 'l2-pool')) return null
  const [entering, leaving] = [unit.input, unit.output].map((layer) => network.layers[layer]!.shape)
  if (entering!.length !== 3 || leaving!.length !== 3) return null
  const [height, width, channels] = entering as [number, number, number]
  const [size, across] = [height / leaving![0]!, width / leaving![1]!]
  const times = Math.max(1, leaving![2]! / channels)
  if (size !== across || ![size, times].every(Number.isInteger) || size < 2) return null
  const at = network.layers.length
  const pool = layerOf('l2-pool', { size }, unit, network.layers[unit.input]!, unit.input)
  const added = times === 1 ? [pool] : [pool, layerOf('duplicate', { times }, unit, pool, at)]
  return { network: { ...network, layers: [...network.layers, ...added] }, end: at + added.length - 1 }
}

function layerOf(
  kind: 'l2-pool' | 'duplicate',
  attributes: Record<string, number>,
  unit: ExpandedUnit,
  taken: Layer,
  from: number,
): Layer {
  const op = ops.get(kind)!
  return {
    ...{
      name: `${unit.name}.${kind}`,
      op,
      attributes,
      inputs: [from],
      inputShapes: [taken.shape],
      parameters: [],
      statistics: [],
    },
    shape: op.shape([taken.shape], attributes),
  }
}
