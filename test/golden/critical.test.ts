import { readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { NetworkSession } from '../../main/engine/network-session'
import { initialParameters } from '../../main/engine/training/initialise'
import {
  criticalityOf,
  criticalWords,
  expand,
  networkFromDocument,
  networkFromPreset,
  predictSignal,
} from '../../shared/architecture'
import { criticalDeviation, fixedPoint } from '../../shared/architecture/mean-field/critical'
import { criticalActivation } from '../../shared/architecture/mean-field/critical-activation'
import { ratios } from '../../shared/norms/ratio'
import { Random } from '../../shared/random'
import { expectClose } from './support/compare'

interface Point {
  readonly square: number
  readonly weights: number
  readonly biases: number
}
const reference = JSON.parse(readFileSync(path.join(__dirname, 'reference/torch/critical.json'), 'utf8')) as {
  readonly line: readonly Point[]
  readonly points: readonly (Point & { readonly chi: number })[]
  readonly bounded: readonly {
    readonly kind: string
    readonly attributes: Readonly<Record<string, unknown>>
    readonly line: readonly Point[]
    readonly points: readonly (Point & { readonly chi: number })[]
  }[]
}
const tanh = criticalActivation('tanh', {})!

describe('the critical line of tanh', () => {
  it.each(reference.line)('at σ_b = $biases is where another quadrature has it', ({ square, weights, biases }) => {
    expectClose([criticalDeviation(tanh, biases ** 2)], [weights], 1e-6, 'σ_w')
    const found = fixedPoint(tanh, weights ** 2, biases ** 2)
    expectClose([found.square, found.chi], [square, 1], 1e-5, 'fixed point')
  })

  it.each(reference.points)('has σ_w = $weights, σ_b = $biases on its side', ({ weights, biases, square, chi }) => {
    const found = fixedPoint(tanh, weights ** 2, biases ** 2)
    expectClose([found.chi], [chi], 3e-5, 'χ')
    expect(Math.abs(found.square - square)).toBeLessThan(1e-5)
  })

  it.each(reference.bounded)(
    'of $kind with $attributes is where sums over a fine grid have it',
    ({ kind, attributes, line, points }) => {
      const activation = criticalActivation(kind, attributes)!
      for (const { weights, biases, square } of line) {
        expectClose([criticalDeviation(activation, biases ** 2)], [weights], 3e-5, 'σ_w')
        const found = fixedPoint(activation, weights ** 2, biases ** 2)
        expectClose([found.square, found.chi], [square, 1], 1e-4, 'fixed point')
      }
      for (const { weights, biases, square, chi } of points) {
        const found = fixedPoint(activation, weights ** 2, biases ** 2)
        expectClose([found.square, found.chi], [square, chi], 1e-5, `σ_w = ${weights}, σ_b = ${biases}`)
      }
    },
  )

  it('of ReLU is at σ_w² = 2, whatever the biases', () => {
    const relu = criticalActivation('relu', {})!
    expectClose([criticalDeviation(relu, 0), criticalDeviation(relu, 0.01)], [Math.SQRT2, Math.SQRT2], 1e-6, 'σ_w')
    expect(fixedPoint(relu, 2, 0.01).square).toBe(Infinity)
  })

  it('of |x| is at σ_w = 1; where the map is linear and has slope 1 any mean square stays, above it none', () => {
    const abs = criticalActivation('abs', {})!
    expectClose([criticalDeviation(abs, 0.01)], [1], 1e-6, 'σ_w')
    expect(fixedPoint(abs, 1, 0)).toEqual({ square: NaN, chi: 1 })
    expect([fixedPoint(abs, 1.1, 0).square, fixedPoint(abs, 1, 0.01).square]).toEqual([Infinity, Infinity])
    expectClose([fixedPoint(abs, 0.5, 0.01).square], [0.02], 1e-12, 'q*')
  })

  it('of tanh has a fixed point however large the weights: χ is near 4σ_w/(3√(2π)) there', () => {
    for (const weights of [40, 2000, 1e5]) {
      const { square, chi } = fixedPoint(tanh, weights ** 2, 0.01)
      expect(square).toBeLessThan(weights ** 2 + 0.01)
      expect(Math.abs((chi * 3 * Math.sqrt(2 * Math.PI)) / (4 * weights) - 1)).toBeLessThan(0.5 / weights)
    }
  })
})

describe('a wide deep tanh network', () => {
  const DEPTH = 24
  const WIDTH = 256
  const network = (start: number) => {
    const unit = { kind: 'block', id: 'block', unit: 'block', repeat: DEPTH } as const
    const layers = [
      { kind: 'dense', id: 'dense', attributes: { units: WIDTH, start } },
      { kind: 'tanh', id: 'tanh' },
    ]
    return expand(
      networkFromDocument({
        ...{ format: 'normlab/network', version: 1, name: 'wide' },
        nodes: [
          { kind: 'input', id: 'input', attributes: { height: 16, width: 16, channels: 1 } },
          { ...unit, nodes: layers },
          { kind: 'dense', id: 'head', attributes: { units: 10 } },
          { kind: 'softmax-cross-entropy', id: 'loss' },
        ],
      }),
    )
  }

  it.each([
    [reference.line[3]!.weights, reference.line[3]!.biases],
    [1.5, 0.1],
    [0.9, 0.3],
  ])(
    'with σ_w = %f and σ_b = %f hands gradients back by the χ, and values on by the maps, that are foreseen',
    (weights, biases) => {
      const wide = network(weights)
      const session = new NetworkSession(wide, { batch: 16, threads: 2, signal: true })
      try {
        const start = { init: 'lecun-normal', biasDeviation: biases } as const
        session.set('parameters', initialParameters(wide, session.graph.parameters, start.init, 1, start))
        const random = new Random(3)
        const images = Float32Array.from({ length: 16 * WIDTH }, () => random.normal())
        const { norms, signal } = session.measure({ images, labels: Int32Array.from({ length: 16 }, (_, i) => i % 10) })
        const [point] = criticalityOf(wide, start)
        expectClose([point!.weights, point!.biases], [weights, biases], 1e-6, 'σ')
        // Half way in, where the mean square has come to its fixed point.
        const deep = ratios(norms).slice(DEPTH / 2)
        const measured = Math.exp(deep.reduce((sum, ratio) => sum + 2 * Math.log(ratio), 0) / deep.length)
        expect(Math.abs(measured / point!.chi - 1)).toBeLessThan(0.05)
        const first = { meanSquare: signal!.meanSquares[0]!, variance: signal!.variances[0]! }
        const foreseen = predictSignal(wide, start, first)!
        for (const [at, value] of foreseen.meanSquares.entries())
          expect(Math.abs(signal!.meanSquares[at]! / value - 1)).toBeLessThan(0.3)
      } finally {
        session.close()
      }
    },
  )
})

describe('what is said of the critical line', () => {
  const said = (words: string, start: Parameters<typeof criticalityOf>[1]): string[] =>
    criticalWords(criticalityOf(expand(networkFromPreset(words)), start))

  it('is where a plain network lies, and how to come to it', () => {
    expect(said('plain:norm=none,activation=tanh,blocks=3,widths=16', { init: 'delta-orthogonal' })).toEqual([
      '6 layers with Tanh, σ_w = 1, σ_b = 0: χ = 1 where its mean square stays, at 0: on the critical line (arXiv 1611.01232).',
    ])
    const [above] = said('plain:norm=none,activation=tanh,blocks=3,widths=16', { init: 'he-fan-in', biasDeviation: 0.1 })
    expect(above).toContain('above the critical line')
    const times = Number(/drawn ([\d.]+) times/.exec(above!)![1])
    expect(
      said(`plain:norm=none,activation=tanh,blocks=3,widths=16,gain=${times}`, { init: 'he-fan-in', biasDeviation: 0.1 })[0],
    ).toContain('on the critical line')
  })

  it('names no mean square where any stays, and no factor of kernels of zeros', () => {
    expect(said('plain:norm=none,activation=relu,blocks=2,widths=16', { init: 'delta-orthogonal' })[0]).toContain('σ_w = 1, ')
    expect(said('plain:norm=none,activation=relu,blocks=2,widths=16', { init: 'he-fan-in' })).toEqual([
      '4 layers with ReLU, σ_w = 1.414, σ_b = 0: χ = 1, and its mean square stays, whatever it is: on the critical line (arXiv 1611.01232).',
    ])
    const [none] = said('plain:norm=none,activation=tanh,blocks=2,widths=16,gain=0', { init: 'he-fan-in' })
    expect(none).toMatch(/χ = 1 at σ_w = 1\.$/)
  })

  it('is nothing of networks with skips or norms, and of kernels that are scaled to unit variance', () => {
    expect(said('resnet:blocks=1', { init: 'he-fan-in' })).toEqual([])
    expect(said('plain:blocks=1', { init: 'he-fan-in' })).toEqual([])
    expect(said('plain:norm=none,activation=tanh,blocks=3', { init: 'he-fan-in', lsuv: true })).toEqual([])
  })
})
