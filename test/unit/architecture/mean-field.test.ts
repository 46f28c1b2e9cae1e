import { describe, expect, it } from 'vitest'
import { expand, foreseenSignal, networkFromDocument, networkFromPreset, predictSignal } from '../../../shared/architecture'
import { activationMap } from '../../../shared/architecture/mean-field/activation'

const foreseen = (words: string, zeroGamma: boolean) => {
  const network = expand(networkFromPreset(words))
  const count = network.units.length
  const measured = { meanSquares: new Float32Array(count + 1).fill(1), variances: new Float32Array(count + 1).fill(1), branchVariances: new Float32Array(count) } // prettier-ignore
  return foreseenSignal(network, { init: 'he-fan-in', biasDeviation: 0, lsuv: false, zeroGamma }, measured)!
}

describe('what theory foresees of branches', () => {
  // Each form ends its branches in another parameter: a norm's γ, a standardised convolution's, a learned factor, a kernel.
  it.each(['preact-resnet:blocks=2,planes=4/8', 'resnet:blocks=2,widths=8/16', 'normfree-resnet:form=nf,blocks=2,widths=8/16', 'normfree-resnet:form=skipinit,blocks=2,widths=8/16'])(
    'of %s is nothing where they start at zero, whatever parameter they end in',
    (words) => {
      const { branchVariances } = foreseen(words, true)
      const told = [...branchVariances].filter((value) => !Number.isNaN(value))
      expect(told.length).toBeGreaterThan(0)
      expect(told.every((value) => value === 0)).toBe(true)
    },
  ) // prettier-ignore
})

describe('what theory foresees behind what enters the first unit', () => {
  // A sum's mean square has twice the product of the means: E|x| = √(2q/π), and of a ReLU √(q/π) with q its own mean square (Cho and Saul 2009).
  it.each([
    ['relu', Math.sqrt(1 / Math.PI)],
    ['abs', Math.sqrt(2 / Math.PI)],
    ['tanh', 0],
  ])('has the mean of %s', (kind, mean) => {
    const unit = { kind: 'block', id: 'unit', unit: 'block' } as const
    const shifted = expand(
      networkFromDocument({
        ...{ format: 'normlab/network', version: 1, name: 'shifted' },
        nodes: [
          { kind: 'input', id: 'input', attributes: { height: 4, width: 4, channels: 3 } },
          { kind: 'conv2d', id: 'conv', attributes: { filters: 4, size: 3 } },
          { kind, id: 'activation' },
          { ...unit, nodes: [{ kind: 'shift', id: 'shift', attributes: { value: 1 } }] },
          { ...unit, id: 'tokens', nodes: [{ kind: 'class-token', id: 'class', attributes: { tokens: 4, deviation: 2 } }] },
          { ...unit, id: 'again', nodes: [{ kind: 'shift', id: 'shift', attributes: { value: 1 } }] },
          { ...unit, id: 'read', nodes: [{ kind: 'token', id: 'token' }] },
          { kind: 'dense', id: 'head', attributes: { units: 10 } },
          { kind: 'softmax-cross-entropy', id: 'loss' },
        ],
      }),
    )
    const square = 0.5
    const { meanSquares } = predictSignal(shifted, { init: 'he-fan-in' }, { meanSquare: square, variance: square })!
    const moved = square + 2 * mean * Math.sqrt(square) + 1
    const again = moved + 2 * (mean * Math.sqrt(square) + 1) + 1
    // Four tokens of variance 4 and mean 0 before sixteen places, of which the first is read.
    for (const [at, wanted] of [square, moved, (16 * moved + 4 * 4) / 20, (16 * again + 4 * 5) / 20, 5].entries())
      expect(Math.abs(meanSquares[at]! / wanted - 1)).toBeLessThan(1e-5)
  })
})

// A sum over both numbers, instead of a series in their correlation.
it.each([
  [1, 0.99, 1e-3],
  [100, 0.99, 1e-3],
  [2500, 0.9, 2e-3],
  [2500, 0.99, 1e-2],
])('what a clipped ReLU makes of numbers of mean square %d and correlation %d is right to %d', (square, correlation, within) => {
  const [count, deviation] = [801, Math.sqrt(square)]
  const places = Array.from({ length: count }, (_, i) => -8 + (16 * i) / (count - 1))
  const of = (x: number): number => Math.min(6, Math.max(0, deviation * x))
  const pair = places.reduce((all, a) => {
    const beside =
      of(a) &&
      places.reduce((sum, b) => sum + of(correlation * a + Math.sqrt(1 - correlation ** 2) * b) * Math.exp((-b * b) / 2), 0)
    return all + of(a) * Math.exp((-a * a) / 2) * beside
  }, 0)
  const exact = (pair * (16 / (count - 1)) ** 2) / (2 * Math.PI)
  const found = activationMap('clipped-relu', { most: 6 })!(square, square * correlation)
  expect(Math.abs(found.pair / exact - 1)).toBeLessThan(within)
})

it.each([
  ['relu', 0.8, 0.3],
  ['leaky-relu', -0.5, 0.9],
  ['abs', 1.5, -0.4],
  ['tanh', 0.6, 0.7],
  ['sigmoid', -1, 0.5],
])('what %s makes of normal numbers of mean %d and correlation %d is what a sum over both has', (kind, mean, correlation) => {
  const functions: Record<string, (x: number) => number> = {
    relu: (x) => Math.max(0, x),
    'leaky-relu': (x) => (x > 0 ? x : 0.2 * x),
    abs: Math.abs,
    tanh: Math.tanh,
    sigmoid: (x) => 1 / (1 + Math.exp(-x)),
  }
  const of = functions[kind]!
  const [count, deviation, across] = [401, 1.3, Math.sqrt(1 - correlation ** 2)]
  const places = Array.from({ length: count }, (_, i) => -8 + (16 * i) / (count - 1))
  const step = 16 / (count - 1) / Math.sqrt(2 * Math.PI)
  const mean1 = (f: (z: number) => number): number => places.reduce((sum, z) => sum + f(z) * Math.exp((-z * z) / 2), 0) * step
  const at = (z: number): number => of(mean + deviation * z)
  const found = activationMap(kind, { slope: 0.2 })!(mean ** 2 + deviation ** 2, mean ** 2 + correlation * deviation ** 2, mean)
  const exact = [mean1(at), mean1((z) => at(z) ** 2), mean1((a) => at(a) * mean1((b) => at(correlation * a + across * b)))]
  for (const [i, value] of [found.mean, found.square, found.pair].entries())
    expect(Math.abs(value - exact[i]!)).toBeLessThan(2e-3)
})
