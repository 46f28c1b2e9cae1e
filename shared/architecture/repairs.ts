import { UserError } from '../errors'
import type { ExpandedNetwork } from './expand'

/**
 * The layers that the projection of "transitions" takes: the convolutions of the stem and the transitions.
 *
 * @returns Indices into the network's layers, at least one.
 * @throws UserError where there is none.
 */
export function projectedLayers(network: ExpandedNetwork): readonly number[] {
  const inside = new Set(network.units.filter(({ kind }) => kind !== 'block').flatMap(({ layers }) => layers))
  const found = withKernel(network, 4).filter((layer) => inside.has(layer))
  if (found.length > 0) return found
  throw new UserError('there is nothing to project: neither a stem nor a transition with a convolution is a unit of it', {
    place: `network "${network.name}"`,
    remedy: 'choose no projection, or a network such as proc-resnet',
  })
}

/**
 * The layers that whitening takes: the dense ones.
 *
 * @returns Indices into the network's layers, at least one.
 * @throws UserError where there is none.
 */
export function whitenedLayers(network: ExpandedNetwork): readonly number[] {
  const found = withKernel(network, 2)
  if (found.length > 0) return found
  throw new UserError('there is nothing to whiten: the network has no dense layer', {
    place: `network "${network.name}"`,
    remedy: 'choose no whitening',
  })
}

function withKernel(network: ExpandedNetwork, rank: number): number[] {
  return network.layers.flatMap(({ parameters }, index) =>
    parameters.some(({ name, shape }) => name === 'kernel' && shape.length === rank) ? [index] : [],
  )
}
