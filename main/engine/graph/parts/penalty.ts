import { penalisedLayers } from '../../../../shared/architecture'
import type { Training } from '../../../../shared/configuration'
import type { Tensor } from '../../../../shared/ops/graph'
import { tapsApart } from '../../../../shared/ops/padding'
import { penalties } from '../../../../shared/penalties'
import { T_FLOAT, T_INT32 } from '../node-graph'
import type { TensorGraph } from '../tensor-graph'
import type { GraphContext } from './context'
import { kernelSlots, stretch } from './kernel-slots'

/**
 * d(penalties)/dθ in the parameters' layout, where a run has such a penalty.
 *
 * @throws UserError where no layer is among those that are meant.
 */
export function penaltyGradient(
  { g, network, parameters, value }: GraphContext,
  { form, strength, layers }: Training['orthogonality'],
): Tensor | undefined {
  if (form === 'none' || strength === 0) return undefined
  const parts: Tensor[] = []
  let at = 0
  const noneUpTo = (end: number): void => {
    if (end > at) parts.push(zeros(g, end - at))
  }
  for (const { layer, offset, length, shape } of kernelSlots(penalisedLayers(network, layers), parameters)) {
    noneUpTo(offset)
    const kernel = g.reshape(stretch(g, value, g.integers([offset]), g.integers([offset + length]), length), shape)
    const { name, attributes } = network.layers[layer]!
    const { stride = 1, dilation = 1 } = attributes as Partial<Record<string, number>>
    const made = g.within(`penalty/${name}`, () => penalties[form].gradient(g, kernel, tapsApart({ stride, dilation })))
    parts.push(g.reshape(made, [length]))
    at = offset + length
  }
  noneUpTo(parameters.length)
  return g.scale(g.concatenate(parts, 0, [parameters.length]), strength)
}

const zeros = (g: TensorGraph, length: number): Tensor =>
  g.tensor('Fill', [g.integers([length]), g.constant(0)], [length], { T: T_FLOAT, index_type: T_INT32 })
