import type { ExpandedNetwork } from '../../../../shared/architecture'
import { UserError } from '../../../../shared/errors'
import { statisticLayout } from '../../graph/layout'
import { readParameter, statisticsPrefix } from '../../weights'
import type { WeightFile } from '../../weights/file'
import { turnedBack, type Wanted, wantedLayers } from '../../weights/layers'

type Layer = ExpandedNetwork['layers'][number]

export interface OutgoingTensor {
  readonly dims: readonly number[]
  readonly values: Float32Array
}
/** A network's weights on their way out, and how many were asked for. */
export interface OutgoingWeights {
  /** A parameter or statistic of a layer by its role, in PyTorch's axes. */
  torch(layer: Layer, role: Wanted['role']): OutgoingTensor | undefined
  /** The same in the network's own axes, which are TensorFlow's. */
  own(layer: Layer, role: Wanted['role']): OutgoingTensor | undefined
  readonly taken: number
}

/** @throws UserError where the weights lack moving statistics, by which a network is evaluated. */
export function outgoingWeights(network: ExpandedNetwork, weights: WeightFile, called: string): OutgoingWeights {
  const statistics = statisticLayout(network)
  if (statistics.length > 0 && statisticsPrefix(weights, statistics) === undefined)
    throw new UserError('the weights have no moving statistics, by which batch norm goes in an exported network', {
      place: called,
      remedy: 'take weights of a run, or of a file that has them',
    })
  const layers = new Map(wantedLayers(network).map(({ name, tensors }) => [name, tensors]))
  let taken = 0
  const find = (layer: Layer, role: Wanted['role']): Wanted | undefined =>
    layers.get(layer.name)?.find((one) => one.role === role)
  return {
    torch(layer, role) {
      const wanted = find(layer, role)
      if (!wanted) return undefined
      taken++
      return { dims: wanted.torch.shape, values: turnedBack(readParameter(weights, wanted.name), wanted, wanted.torch.turn) }
    },
    own(layer, role) {
      const wanted = find(layer, role)
      if (!wanted) return undefined
      taken++
      return { dims: wanted.shape, values: readParameter(weights, wanted.name) }
    },
    get taken() {
      return taken
    },
  }
}
