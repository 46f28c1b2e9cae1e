import { readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { NetworkSession } from '../../main/engine/network-session'
import { initialParameters } from '../../main/engine/training/initialise'
import { expand, networkFromPreset, predictSignal } from '../../shared/architecture'
import { activationMap } from '../../shared/architecture/mean-field/activation'
import { type Initialiser, Training } from '../../shared/configuration'
import { readSignal, type Signal, SIGNAL_PARTS, writeSignal } from '../../shared/norms/signal'
import { ops } from '../../shared/ops'
import { Random } from '../../shared/random'
import { expectClose } from './support/compare'
import { golden, goldenVector, referenceNetwork } from './support/reference'

interface Course {
  readonly kind: string
  readonly gain: number
  readonly start: readonly [number, number]
  readonly course: readonly (readonly [number, number])[]
}
type Listed = Readonly<Record<keyof Signal, readonly (number | null)[]>>
const reference = JSON.parse(readFileSync(path.join(__dirname, 'reference/torch/signal.json'), 'utf8')) as {
  readonly networks: Readonly<Record<string, Listed>>
  readonly maps: readonly Course[]
}

describe('the signal on its way forward', () => {
  it.each(Object.entries(reference.networks))(
    'of %s is PyTorch’s, whether a step or a look tells it, in one part or two',
    (name, expected) => {
      const file = golden(`network_${name}`)
      const network = referenceNetwork(name)
      const batch = { images: file.floats('images'), labels: file.integers('labels') }
      const optimiser = Training.parse({})
      const told = (parts?: readonly undefined[]): (Signal | undefined)[] => {
        const session = new NetworkSession(network, {
          ...{ batch: 4, threads: 2, signal: true, optimiser },
          ...(parts && { spread: { places: { parts } } as never }),
        })
        try {
          session.set('parameters', goldenVector(file, session.graph.parameters.slots, 'param/'))
          return [
            session.measure(batch).signal,
            session.step(batch, 0, 1, true, true).signal,
            session.step(batch, 0, 2, false, true).signal,
          ]
        } finally {
          session.close()
        }
      }
      for (const signal of [...told(), ...told([undefined, undefined])])
        for (const part of SIGNAL_PARTS) {
          const values = expected[part].map((value) => value ?? NaN)
          expect([...signal![part]].map(Number.isNaN), part).toEqual(values.map(Number.isNaN))
          const known = (numbers: ArrayLike<number>): number[] => Array.from(numbers).filter((value) => !Number.isNaN(value))
          if (known(values).length > 0) expectClose(known(signal![part]), known(values), 1e-4, `${name} ${part}`)
        }
    },
  )

  it('is left alone by a step that does not look, and survives its row', () => {
    const signal = {
      meanSquares: Float32Array.of(1, 2, 3),
      variances: Float32Array.of(4, 5, 6),
      branchVariances: Float32Array.of(NaN, 7),
    }
    expect(readSignal(writeSignal(signal), 2)).toEqual(signal)
    expect(readSignal(writeSignal(signal), 3)).toBeNull()
    expect(readSignal(undefined, 2)).toBeNull()
  })
})

describe('mean-field theory', () => {
  it.each(reference.maps)(
    'of $kind with a gain of $gain is that of two-dimensional quadrature',
    ({ kind, gain, start, course }) => {
      const map = activationMap(kind, ops.get(kind)!.attributes.parse({}))!
      let [square, pair] = start
      for (const [expectedSquare, expectedPair] of course) {
        const passed = map(square, pair)
        expectClose([passed.square], [expectedSquare], 2e-5, `${kind} mean square`)
        expectClose([passed.pair], [expectedPair], 1e-3, `${kind} product`)
        ;[square, pair] = [gain * passed.square, gain * passed.pair]
      }
    },
  )

  /** Both of a network at its start, on normal images. */
  function both(words: string, init: Initialiser): { measured: Signal; predicted: Signal } {
    const network = expand(networkFromPreset(`${words},input=16x16x3`))
    const session = new NetworkSession(network, { batch: 16, threads: 2, signal: true })
    try {
      session.set('parameters', initialParameters(network, session.graph.parameters, init, 1))
      const random = new Random(2)
      const images = Float32Array.from({ length: 16 * 16 * 16 * 3 }, () => random.normal())
      const { signal } = session.measure({ images, labels: Int32Array.from({ length: 16 }, (_, i) => i % 10) })
      const first = { meanSquare: signal!.meanSquares[0]!, variance: signal!.variances[0]! }
      return { measured: signal!, predicted: predictSignal(network, { init }, first)! }
    } finally {
      session.close()
    }
  }

  /** Largest factor by which prediction and measurement differ. */
  const apart = (a: Float32Array, b: Float32Array): number =>
    Math.max(...Array.from(a, (value, i) => Math.exp(Math.abs(Math.log(value / b[i]!)))))

  it.each([
    ['plain:norm=none,activation=tanh,blocks=12,widths=32', 'delta-orthogonal', 1.15],
    ['preact-resnet:block=basic,blocks=4,widths=32/32', 'he-fan-in', 1.3],
    ['plain:blocks=4,widths=32/32', 'he-fan-in', 1.3],
    ['residual-mlp:blocks=6,width=128,norm=batch', 'he-fan-in', 1.3],
    ['normfree-resnet:form=nf,blocks=3,widths=32/32', 'he-fan-in', 1.3],
    ['resnet:blocks=8,widths=32/32', 'he-fan-in', 1.4],
    ['normfree-resnet:form=fixup,blocks=4,widths=32/32', 'he-fan-out', 1.05],
    ['isometric:form=subspace,activation=tanh,blocks=4,widths=32', 'he-fan-in', 1.4],
  ] as const)('of %s foresees what is measured', (words, init, within) => {
    const { measured, predicted } = both(words, init)
    expect(apart(predicted.meanSquares, measured.meanSquares)).toBeLessThan(within)
    expect(apart(predicted.variances, measured.variances)).toBeLessThan(within)
  })

  it('lets the variance of a residual net grow by what a branch adds, and start again where the shape changes', () => {
    const { predicted } = both('preact-resnet:block=basic,blocks=4,widths=32/32', 'he-fan-in')
    const grown = Array.from(predicted.variances.slice(1, 4), (value, i) => value - predicted.variances[i]!)
    // ReLU leaves 1 − 1/π of a mean square of 1 as the channels' variance.
    for (const growth of grown) expect(Math.abs(growth / (1 - 1 / Math.PI) - 1)).toBeLessThan(0.08)
    expect(predicted.variances[5]!).toBeLessThan(predicted.variances[4]! / 1.5)
  })
})
