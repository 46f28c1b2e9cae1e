import { describe, expect, it } from 'vitest'
import { parameterLayout } from '../../../main/engine/graph/layout'
import { initialParameters } from '../../../main/engine/training/initialise'
import { expand, networkFromPreset } from '../../../shared/architecture'

const network = expand(networkFromPreset('preact-resnet:block=basic,blocks=1,widths=32/64', { input: [8, 8, 3] }))
const layout = parameterLayout(network)
const start = (init: 'he-fan-in' | 'he-fan-out', seed: number): Map<string, Float32Array> => {
  const values = initialParameters(network, layout, init, seed)
  return new Map(layout.slots.map(({ name, offset, length }) => [name, values.subarray(offset, offset + length)]))
}

/** Mean and standard deviation. */
function moments(values: Float32Array): { mean: number; deviation: number } {
  const mean = values.reduce((a, b) => a + b, 0) / values.length
  return { mean, deviation: Math.sqrt(values.reduce((sum, x) => sum + (x - mean) ** 2, 0) / values.length) }
}

describe('initial parameters', () => {
  it.each([
    ['stem.conv.kernel', 9 * 3, 9 * 32],
    ['stage1.block1.conv1.kernel', 9 * 32, 9 * 32],
    ['stage2.block1.conv1.kernel', 9 * 32, 9 * 64],
    ['stage2.block1.shortcut.conv.kernel', 32, 64],
  ])('of %s are normal with the deviation of He et al., by fan-in %i or fan-out %i', (name, fanIn, fanOut) => {
    for (const [init, fan] of [
      ['he-fan-in', fanIn],
      ['he-fan-out', fanOut],
    ] as const) {
      // prettier-ignore
      const values = start(init, 1).get(name)!
      const wanted = Math.sqrt(2 / fan)
      const { mean, deviation } = moments(values)
      // Four standard errors.
      expect(Math.abs(deviation / wanted - 1)).toBeLessThan(4 / Math.sqrt(2 * values.length))
      expect(Math.abs(mean) / wanted).toBeLessThan(4 / Math.sqrt(values.length))
      const within = values.filter((value) => Math.abs(value) < wanted).length / values.length
      expect(Math.abs(within - 0.6827)).toBeLessThan(4 * Math.sqrt((0.6827 * 0.3173) / values.length))
    }
  })

  it('of the dense layer have deviation sqrt(1/fan-in), whichever fan the convolutions take', () => {
    for (const init of ['he-fan-in', 'he-fan-out'] as const) {
      const values = start(init, 1).get('head.kernel')!
      expect(Math.abs(moments(values).deviation / Math.sqrt(1 / 64) - 1)).toBeLessThan(4 / Math.sqrt(2 * values.length))
    }
  })

  it('of scales are 1, of shifts and biases 0', () => {
    for (const [name, values] of start('he-fan-in', 1)) {
      if (name.endsWith('.gamma')) expect(values.every((value) => value === 1)).toBe(true)
      if (name.endsWith('.beta') || name.endsWith('.bias')) expect(values.every((value) => value === 0)).toBe(true)
    }
  })

  it('are the same for the same seed and others for another', () => {
    expect(initialParameters(network, layout, 'he-fan-in', 5)).toEqual(initialParameters(network, layout, 'he-fan-in', 5))
    expect(initialParameters(network, layout, 'he-fan-in', 6)).not.toEqual(initialParameters(network, layout, 'he-fan-in', 5))
  })

  it('are not shared between layers of one shape', () => {
    const of = start('he-fan-in', 1)
    expect(of.get('stage1.block1.conv1.kernel')).not.toEqual(of.get('stage1.block1.conv2.kernel'))
  })
})
