import type { Graph, Tensor } from './graph'
import { MisfitError } from './misfit'
import { type Shape } from './op'

/**
 * Normalisation of each image by its own values, group of channels by group (Wu and He 2018): (x − mean)/√(variance + ε), biased
 * variance over a group's channels and all positions; then a scale and a shift for each channel. The same in training and evaluation.
 */
interface Grouped {
  readonly y: Tensor
  /** Normalised values in the input's shape, and 1/√(variance + ε) of each group. */
  readonly saved: readonly Tensor[]
}

/** [batch, positions, groups, channels of a group]. */
function groupedShape(shape: readonly number[], groups: number): number[] {
  const channels = shape[shape.length - 1]!
  const positions = shape.length === 4 ? shape[1]! * shape[2]! : 1
  return [shape[0]!, positions, groups, channels / groups]
}

export function normaliseGroups(g: Graph, x: Tensor, gamma: Tensor, beta: Tensor, groups: number, epsilon: number): Grouped {
  const grouped = g.reshape(x, groupedShape(x.shape, groups))
  const centred = g.subtract(grouped, g.meanOver(grouped, [1, 3]))
  const variance = g.meanOver(g.square(centred), [1, 3])
  const inverse = g.inverseRoot(g.add(variance, g.constant(epsilon)))
  const normalised = g.reshape(g.multiply(centred, inverse), x.shape)
  return { y: g.add(g.multiply(normalised, gamma), beta), saved: [normalised, inverse] }
}

/** dx = (d − mean(d) − n·mean(d·n))/√(variance + ε) with d = dy·γ and n the normalised values. */
export function normaliseGroupsGradient(
  g: Graph,
  dy: Tensor,
  gamma: Tensor,
  [normalised, inverse]: readonly Tensor[],
  groups: number,
): { x: Tensor; gamma: Tensor; beta: Tensor } {
  const shape = groupedShape(dy.shape, groups)
  const axes = dy.shape.slice(0, -1).map((_, axis) => axis)
  const d = g.reshape(g.multiply(dy, gamma), shape)
  const n = g.reshape(normalised!, shape)
  const along = g.multiply(n, g.meanOver(g.multiply(d, n), [1, 3]))
  const x = g.multiply(g.subtract(g.subtract(d, g.meanOver(d, [1, 3])), along), inverse!)
  return { x: g.reshape(x, dy.shape), gamma: g.sumOver(g.multiply(dy, normalised!), axes), beta: g.sumOver(dy, axes) }
}

/** Channels of an image or features of a vector. @throws MisfitError for anything else. */
export function channelsOf(x: Shape | undefined): number {
  if (x?.length === 3 || x?.length === 1) return x[x.length - 1]!
  throw new MisfitError('no-image-or-vector', { got: x })
}
