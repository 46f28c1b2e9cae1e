import { describe, expect, it } from 'vitest'
import { NetworkSession } from '../../main/engine/network-session'
import { initialParameters } from '../../main/engine/training/initialise'
import { expand, networkFromPreset } from '../../shared/architecture'
import { Random } from '../../shared/random'

/** Loss, norms and gradients of one network, by our own kernels or by TensorFlow's. */
function differentiate(preset: string, batch: number, ownKernels: boolean) {
  const network = expand(networkFromPreset(preset))
  const session = new NetworkSession(network, {
    batch,
    ownKernels,
  })
  try {
    session.set('parameters', initialParameters(network, session.graph.parameters, 'he-fan-in', 5))
    const random = new Random(7)
    const pixels = network.layers[network.input]!.shape.reduce((product, side) => product * side, 1)
    const images = Float32Array.from({ length: batch * pixels }, () => random.normal())
    const labels = Int32Array.from({ length: batch }, () => random.integer(10))
    return session.differentiate({ images, labels })
  } finally {
    session.close()
  }
}

const worst = (got: Float32Array, want: Float32Array): number => {
  const largest = want.reduce((most, value) => Math.max(most, Math.abs(value)), 1e-12)
  return got.reduce((most, value, i) => Math.max(most, Math.abs(value - want[i]!)), 0) / largest
}

describe('the fused backward kernel', () => {
  it.each([
    // Widths that fill no vector register, one image, rows that end within a block, several blocks, concatenations.
    ['proc-resnet:blocks=2,planes=3/5,input=9x7x3', 3],
    ['proc-resnet:blocks=1,planes=16/32,input=32x32x3', 16],
    ['preact-resnet:blocks=2,planes=4/8,input=8x8x1', 1],
    ['resnet:blocks=2,widths=6/10,input=12x12x3', 5],
    ['plain:blocks=1,widths=7/9,input=8x8x3', 4],
    ['densenet-bc:blocks=2,growth=5,stages=2,input=8x8x3', 4],
  ])('gives the gradients and norms of TensorFlow’s own kernels: %s, batch %i', (preset, batch) => {
    const own = differentiate(preset, batch, true)
    const theirs = differentiate(preset, batch, false)
    expect(own.measures.loss).toBe(theirs.measures.loss)
    expect(worst(own.measures.norms, theirs.measures.norms)).toBeLessThan(1e-5)
    expect(worst(own.gradients, theirs.gradients)).toBeLessThan(2e-5)
  })

  it('gives the same numbers each time, whatever the order in which threads finish', () => {
    const preset = 'proc-resnet:blocks=1,planes=16/32,input=32x32x3'
    const [first, second] = [differentiate(preset, 16, true), differentiate(preset, 16, true)]
    expect(second.measures.norms).toEqual(first.measures.norms)
    expect(second.gradients).toEqual(first.gradients)
  })
})
