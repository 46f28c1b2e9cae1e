import type { ExpandedNetwork } from '../../../../shared/architecture'
import { madeLayer } from '../../../../shared/architecture/source/made'
import { UserError } from '../../../../shared/errors'
import { statisticLayout } from '../../graph/layout'
import { makeKernel } from '../../spectra/made-kernel'
import { readParameter, statisticsPrefix } from '../../weights'
import type { WeightFile } from '../../weights/file'
import { turnedBack, type Wanted, wantedLayers } from '../../weights/layers'
import { inTorchAxes, type OutgoingTensor } from './made-kernels'

type Layer = ExpandedNetwork['layers'][number]

/** A network's weights on their way out, and how many were asked for. */
export interface OutgoingWeights {
  /** A parameter or statistic of a layer by its role, in PyTorch's axes. The kernel of one that other programs do not know is the one that it makes of what it learns. */
  torch(layer: Layer, role: Wanted['role']): OutgoingTensor | undefined
  /** The same in the network's own axes, which are TensorFlow's. */
  own(layer: Layer, role: Wanted['role']): OutgoingTensor | undefined
  /** The kernel of a convolution that makes it of what it learns, as PyTorch and as we lay it out. */
  made(layer: Layer): { readonly torch: OutgoingTensor; readonly own: OutgoingTensor }
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
  const kernels = new Map<Layer, ReturnType<OutgoingWeights['made']>>()
  const made: OutgoingWeights['made'] = (layer) => {
    const known = kernels.get(layer)
    if (known) return known
    const { op, attributes, inputShapes } = layer
    const by = (madeLayer(layer)?.as === 'convolution' ? undefined : op.innerKernel) ?? op.actingKernel!
    const [shape, read] = [by.shape(inputShapes, attributes), (name: string) => readParameter(weights, name)]
    const values = makeKernel(layer, by, read)
    const own = { dims: shape, values }
    const found = { torch: inTorchAxes(own), own }
    kernels.set(layer, found)
    taken++
    return found
  }
  return {
    made,
    torch(layer, role) {
      if (role === 'kernel' && madeLayer(layer)) return made(layer).torch
      const wanted = find(layer, role)
      if (!wanted) return undefined
      taken++
      return { dims: wanted.torch.shape, values: turnedBack(readParameter(weights, wanted.name), wanted, wanted.torch.turn) }
    },
    own(layer, role) {
      if (role === 'kernel' && madeLayer(layer)) return made(layer).own
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
