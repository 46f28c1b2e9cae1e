import type { ExpandedNetwork } from '../../../shared/architecture'
import type { Training } from '../../../shared/configuration'
import type { ParameterSpec } from '../../../shared/ops/op'
import { Random } from '../../../shared/random'
import type { Layout } from '../graph/layout'

/** Keeps the initial weights apart from a run's other random numbers. */
const INITIAL_STREAM = 2

/**
 * The parameters before the first step, in their layout: convolutions normal with deviation sqrt(2/fan) (He et al. 2015; fan-out
 * as the paper's published code has it), dense kernels normal with sqrt(1/fan-in), since no ReLU follows the last one; scales 1,
 * shifts and biases 0. The same for the same seed, whatever the device.
 */
export function initialParameters(network: ExpandedNetwork, layout: Layout, init: Training['init'], seed: number): Float32Array {
  const random = new Random(seed, INITIAL_STREAM)
  const values = new Float32Array(layout.length)
  for (const { layer, local, offset, length } of layout.slots) {
    const { start } = network.layers[layer]!.parameters.find(({ name }) => name === local)!
    if ('value' in start) {
      values.fill(start.value, offset, offset + length)
      continue
    }
    const deviation = initialDeviation(start, init)
    for (let i = offset; i < offset + length; i++) values[i] = deviation * random.normal()
  }
  return values
}

/** Standard deviation of a kernel's initial entries. */
export function initialDeviation(
  start: Exclude<ParameterSpec['start'], { readonly value: number }>,
  init: Training['init'],
): number {
  if (start.layer === 'dense') return Math.sqrt(1 / start.fanIn)
  return Math.sqrt(2 / (init === 'he-fan-in' ? start.fanIn : start.fanOut))
}
