import { describe, expect, it } from 'vitest'
import { parameterLayout } from '../../../main/engine/graph/layout'
import { initialParameters } from '../../../main/engine/training/initialise'
import { branchEnds, expand, networkFromDocument, networkFromPreset } from '../../../shared/architecture'
import { kernelVariance } from '../../../shared/architecture/mean-field/kernel-variance'
import type { NetworkDocument, NetworkNode } from '../../../shared/architecture/document'
import type { Initialiser } from '../../../shared/configuration'

const network = expand(networkFromPreset('preact-resnet:block=basic,blocks=1,widths=32/64', { input: [8, 8, 3] }))
const layout = parameterLayout(network)
const start = (init: Initialiser, seed: number, zeroGamma = false): Map<string, Float32Array> => {
  const values = initialParameters(network, layout, init, seed, { zeroGamma })
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

  it.each([
    ['he-uniform-fan-in', Math.sqrt(2 / (9 * 32)), Math.sqrt(1 / 64)],
    ['he-uniform-fan-out', Math.sqrt(2 / (9 * 64)), Math.sqrt(1 / 64)],
    ['glorot-normal', Math.sqrt(2 / (9 * 96)), Math.sqrt(2 / 74)],
    ['glorot-uniform', Math.sqrt(2 / (9 * 96)), Math.sqrt(2 / 74)],
    ['lecun-normal', Math.sqrt(1 / (9 * 32)), Math.sqrt(1 / 64)],
    ['lecun-uniform', Math.sqrt(1 / (9 * 32)), Math.sqrt(1 / 64)],
  ] as const)('by %s have the deviation of its formula, for convolution and dense layer', (init, convolution, dense) => {
    const of = start(init, 2)
    for (const [name, wanted] of [
      ['stage2.block1.conv1.kernel', convolution],
      ['head.kernel', dense],
    ] as const) {
      const values = of.get(name)!
      const { mean, deviation } = moments(values)
      expect(Math.abs(deviation / wanted - 1)).toBeLessThan(4 / Math.sqrt(2 * values.length))
      expect(Math.abs(mean) / wanted).toBeLessThan(4 / Math.sqrt(values.length))
      const largest = values.reduce((most, value) => Math.max(most, Math.abs(value)), 0)
      if (init.includes('uniform')) expect(largest).toBeLessThanOrEqual(Math.sqrt(3) * wanted * (1 + 1e-6))
      else expect(largest).toBeGreaterThan(2 * wanted)
    }
  })

  /** Largest difference of MᵀM, or MMᵀ of a wide matrix, from the unit matrix. */
  function departure(matrix: Float32Array, rows: number, columns: number): number {
    const [count, length] = [Math.min(rows, columns), Math.max(rows, columns)]
    const entry = (vector: number, i: number): number =>
      rows >= columns ? matrix[i * columns + vector]! : matrix[vector * columns + i]!
    let worst = 0
    for (let a = 0; a < count; a++)
      for (let b = 0; b < count; b++) {
        let product = 0
        for (let i = 0; i < length; i++) product += entry(a, i) * entry(b, i)
        worst = Math.max(worst, Math.abs(product - (a === b ? 1 : 0)))
      }
    return worst
  }

  it('by orthogonal have orthonormal columns as matrices, rows where they are wide', () => {
    const of = start('orthogonal', 3)
    expect(departure(of.get('stage1.block1.conv1.kernel')!, 9 * 32, 32)).toBeLessThan(1e-5)
    expect(departure(of.get('stem.conv.kernel')!, 9 * 3, 32)).toBeLessThan(1e-5)
    expect(departure(of.get('head.kernel')!, 64, 10)).toBeLessThan(1e-5)
  })

  it('by delta-orthogonal are an orthonormal matrix at the centre of zeros, so that the convolution keeps norms', () => {
    const of = start('delta-orthogonal', 3)
    for (const [name, channels, filters] of [
      ['stage1.block1.conv1.kernel', 32, 32],
      ['stage2.block1.conv1.kernel', 32, 64],
      ['stem.conv.kernel', 3, 32],
    ] as const) {
      const kernel = of.get(name)!
      const size = channels * filters
      expect(departure(kernel.subarray(4 * size, 5 * size), channels, filters)).toBeLessThan(1e-5)
      expect(kernel.filter((_, i) => Math.floor(i / size) !== 4).every((value) => value === 0)).toBe(true)
    }
    // One by one there is nothing around the centre.
    expect(departure(of.get('stage2.block1.shortcut.conv.kernel')!, 32, 64)).toBeLessThan(1e-5)
  })

  it.each([
    ['delta-orthogonal', 1],
    ['orthogonal', 9],
  ] as const)('by %s are orthonormal group by group, and channel by channel of a depthwise convolution', (init, taps) => {
    const layer = (id: string, kind: string, attributes = {}) => ({ id, kind, attributes })
    const network = expand({
      ...{ format: 'normlab/network', version: 1, name: 'groups' },
      nodes: [
        layer('input', 'input', { height: 5, width: 4, channels: 6 }),
        layer('conv', 'conv2d', { filters: 12, size: 3, groups: 3 }),
        layer('depthwise', 'depthwise-conv2d', { size: 3 }),
        layer('pool', 'global-average-pool'),
        layer('head', 'dense', { units: 3 }),
        layer('loss', 'softmax-cross-entropy'),
      ],
    })
    const layout = parameterLayout(network)
    const values = initialParameters(network, layout, init, 2)
    const kernelOf = (name: string): Float32Array => {
      const { offset, length } = layout.slots.find((slot) => slot.name === `${name}.kernel`)!
      return values.slice(offset, offset + length)
    }
    // The taps that have any, each [entering, leaving of all groups].
    const filled = (kernel: Float32Array): Float32Array => kernel.subarray(taps === 1 ? (4 * kernel.length) / 9 : 0, taps === 1 ? (5 * kernel.length) / 9 : kernel.length) // prettier-ignore
    const conv = filled(kernelOf('conv'))
    for (let group = 0; group < 3; group++)
      expect(
        departure(
          conv.filter((_, i) => Math.floor((i % 12) / 4) === group),
          taps * 2,
          4,
        ),
      ).toBeLessThan(1e-5)
    const depthwise = filled(kernelOf('depthwise'))
    for (let channel = 0; channel < 12; channel++)
      expect(
        departure(
          depthwise.filter((_, i) => i % 12 === channel),
          taps,
          1,
        ),
      ).toBeLessThan(1e-5)

    // Theory has the same variances.
    const start = layout.slots.map(({ layer: at, local, role }) => {
      const own = network.layers[at]!
      return { own, kernel: own.parameters.find(({ name }) => name === local)!, role }
    })
    for (const { own, kernel, role } of start) {
      if (role !== 'kernel' || own.name === 'head') continue
      const { variance, isCentral } = kernelVariance(own, kernel, init)
      const all = kernelOf(own.name)
      const squares = all.reduce((sum, value) => sum + value * value, 0)
      expect(variance / (squares / (isCentral ? all.length / 9 : all.length))).toBeCloseTo(1, 4)
    }
  })

  it('of the ends of residual branches are zero where that is asked, and all others are as without', () => {
    const [usual, zeroed] = [start('he-fan-in', 1), start('he-fan-in', 1, true)]
    const changed = [...usual.keys()].filter((name) => zeroed.get(name)!.some((value, i) => value !== usual.get(name)![i]))
    // A pre-activation branch ends in a convolution: a norm before its ReLU could never leave zero.
    expect(changed).toEqual(['stage1.block1.conv2.kernel', 'stage2.block1.conv2.kernel'])
    for (const name of changed) expect(zeroed.get(name)!.every((value) => value === 0)).toBe(true)

    const post = expand(networkFromPreset('resnet:blocks=2,widths=4/8'))
    const postLayout = parameterLayout(post)
    const values = initialParameters(post, postLayout, 'he-fan-in', 1, { zeroGamma: true })
    const scales = postLayout.slots
      .filter(({ local, offset }) => local === 'gamma' && values[offset] === 0)
      .map(({ name }) => name)
    expect(scales).toEqual([1, 2].flatMap((stage) => [1, 2].map((block) => `stage${stage}.block${block}.bn2.gamma`)))
  })

  it('leave biases at 0 unless they have a deviation, and kernels as they are whatever it is', () => {
    const biased = expand(networkFromPreset('plain:norm=none,blocks=2,widths=64', { input: [8, 8, 3] }))
    const slots = parameterLayout(biased)
    const without = initialParameters(biased, slots, 'he-fan-in', 1)
    const values = initialParameters(biased, slots, 'he-fan-in', 1, { biasDeviation: 0.2 })
    const biases: number[] = []
    for (const { role, offset, length } of slots.slots) {
      const own = values.subarray(offset, offset + length)
      if (role === 'bias') biases.push(...own)
      else expect(own).toEqual(without.subarray(offset, offset + length))
    }
    const { mean, deviation } = moments(Float32Array.from(biases))
    expect(Math.abs(deviation / 0.2 - 1)).toBeLessThan(4 / Math.sqrt(2 * biases.length))
    expect(Math.abs(mean) / 0.2).toBeLessThan(4 / Math.sqrt(biases.length))
  })
})

it.each(['residual-mlp:blocks=2,norm=none', 'vit:blocks=1,patch=8'])(
  'blocks of %s that start as the identity have no biases at their end either, and the others theirs',
  (words) => {
    const residual = expand(networkFromPreset(words, { input: [16, 16, 3] }))
    const slots = parameterLayout(residual)
    const start = { zeroGamma: true, biasDeviation: 0.5 }
    const values = initialParameters(residual, slots, 'he-fan-in', 1, start)
    const ends = branchEnds(residual).map(({ layer }) => layer)
    expect(ends).toHaveLength(residual.units.filter(({ kind }) => kind === 'block').length)
    for (const { layer, role, offset, length } of slots.slots) {
      if (role !== 'bias') continue
      const isZero = values.subarray(offset, offset + length).every((value) => value === 0)
      expect(isZero).toBe(ends.includes(layer))
    }
  },
)

it('the last scale of a branch is what a gate weighs, however the product is written', () => {
  const layer = (id: string, kind: string, inputs?: string[]): NetworkNode => ({ id, kind, ...(inputs && { inputs }) })
  const conv = (id: string, input?: string): NetworkNode => ({
    ...layer(id, 'conv2d', input ? [input] : undefined),
    attributes: { filters: 4 },
  })
  for (const gating of ['sigmoid', 'hard-sigmoid'])
    for (const factors of [
      ['by', 'bn'],
      ['bn', 'by'],
    ]) {
      const gate = [conv('gate1', '$input'), conv('gate2'), conv('gate3'), layer('by', gating)]
      const nodes = [
        conv('conv'),
        layer('bn', 'batch-norm'),
        ...gate,
        layer('product', 'multiply', factors),
        layer('add', 'add', ['product', '$input']),
      ]
      const document: NetworkDocument = {
        ...{ format: 'normlab/network', version: 1, name: 'gated' },
        nodes: [
          { ...layer('input', 'input'), attributes: { height: 4, width: 4, channels: 4 } },
          { id: 'block', kind: 'block', unit: 'block', nodes },
          ...[
            layer('pool', 'global-average-pool'),
            { ...layer('head', 'dense'), attributes: { units: 3 } },
            layer('loss', 'softmax-cross-entropy'),
          ],
        ],
      }
      const gated = expand(networkFromDocument(document))
      expect(branchEnds(gated).map((end) => `${gated.layers[end.layer]!.name}.${end.parameter}`)).toEqual(['block.bn.gamma'])
    }
})
