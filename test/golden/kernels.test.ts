import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fuse } from '../../main/engine/graph/fuse'
import { TensorGraph } from '../../main/engine/graph/tensor-graph'
import { NetworkSession } from '../../main/engine/network-session'
import { initialParameters } from '../../main/engine/training/initialise'
import { Session } from '../../main/engine/tensorflow/session'
import { expand, networkFromPreset } from '../../shared/architecture'
import { Random } from '../../shared/random'
import { expectClose } from './support/compare'

/** Loss, norms and gradients of one network, by our own kernels or by TensorFlow's. */
function differentiate(preset: string, batch: number, ownKernels: boolean, threads?: number) {
  const network = expand(networkFromPreset(preset))
  const session = new NetworkSession(network, {
    batch,
    ownKernels,
    threads,
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

describe('the fused kernels', () => {
  it.each([
    // Widths that fill no vector register, one image, rows that end within a block, several blocks, concatenations.
    ['proc-resnet:blocks=2,planes=3/5,input=9x7x3', 3],
    ['proc-resnet:blocks=1,planes=16/32,input=32x32x3', 16],
    ['preact-resnet:blocks=2,planes=4/8,input=8x8x1', 1],
    ['resnet:blocks=2,widths=6/10,input=12x12x3', 5],
    // Batch norms without a ReLU behind them; sums that no batch norm takes.
    ['resnet:blocks=1,widths=16/20,input=16x16x3', 2],
    ['plain:blocks=1,widths=7/9,input=8x8x3', 4],
    ['densenet-bc:blocks=2,growth=5,stages=2,input=8x8x3', 4],
  ])('gives the gradients and norms of TensorFlow’s own kernels: %s, batch %i', (preset, batch) => {
    const own = differentiate(preset, batch, true)
    const theirs = differentiate(preset, batch, false)
    expect(own.measures.loss).toBeCloseTo(theirs.measures.loss, 5)
    expect(worst(own.measures.norms, theirs.measures.norms)).toBeLessThan(1e-5)
    expect(worst(own.gradients, theirs.gradients)).toBeLessThan(2e-5)
  })

  it('gives the same numbers each time and on any number of threads', () => {
    const preset = 'proc-resnet:blocks=1,planes=16/32,input=32x32x3'
    const first = differentiate(preset, 16, true, 1)
    for (const threads of [2, 2, 3, 5]) {
      const again = differentiate(preset, 16, true, threads)
      expect(again.measures.norms).toEqual(first.measures.norms)
      expect(again.logits).toEqual(first.logits)
    }
  })
})

describe('the fused forward kernel', () => {
  it('gives what TensorFlow’s own operations give, for any shape', () => {
    const side = fc.integer({ min: 1, max: 9 })
    const channels = fc.oneof(fc.integer({ min: 1, max: 24 }), fc.constantFrom(32, 48, 64, 65, 96, 127, 128, 160))
    fc.assert(
      fc.property(
        side,
        side,
        fc.integer({ min: 1, max: 5 }),
        channels,
        fc.boolean(),
        fc.boolean(),
        (h, w, n, c, adds, rectifies) => {
          const normed = { shape: [n, h, w, c], adds, rectifies, seed: h * w + n * c }
          expectSame(normalise(normed, true), normalise(normed, false))
        },
      ),
      { numRuns: 60, seed: 1 },
    )
  })

  it.each([[[4, 40, 41, 7]], [[3, 33, 31, 16]], [[2, 16, 17, 200]], [[1, 1, 3, 40_000]], [[8, 32, 32, 64]]])(
    'gives the same over several blocks, with a rest: %j',
    (shape) => {
      for (const adds of [false, true]) {
        const normed = { shape, adds, rectifies: true, seed: 3 }
        expectSame(normalise(normed, true), normalise(normed, false))
      }
    },
  )

  it('gives the same bits on any number of threads', () => {
    const normed = { shape: [5, 32, 32, 24], adds: true, rectifies: true, seed: 2 }
    const one = normalise(normed, true, 1)
    for (const threads of [2, 3, 7]) expect(normalise(normed, true, threads)).toEqual(one)
  })

  it('keeps the digits where the mean is far from 0, and the norm where squares leave single precision', () => {
    const shape = [4, 16, 16, 8]
    const far = normalise({ shape, adds: true, rectifies: false, seed: 4, at: 10_000 }, true)
    for (const channel of [0, 5]) {
      const values = [...far.sum].filter((_, i) => i % 8 === channel)
      const mean = values.reduce((sum, value) => sum + value, 0) / values.length
      const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1)
      expect(far.mean[channel]! / mean).toBeCloseTo(1, 6)
      expect(far.variance[channel]! / variance).toBeCloseTo(1, 5)
    }
    for (const scale of [1e-30, 1e-22, 1e25]) {
      const { sum, norm } = normalise({ shape, adds: true, rectifies: false, seed: 4, scale }, true)
      const wanted = Math.sqrt(sum.reduce((total, value) => total + value ** 2, 0))
      expect(norm[0]! / wanted).toBeCloseTo(1, 5)
    }
  })

  it('passes on what is not finite as TensorFlow’s operations do', () => {
    for (const bad of [NaN, Infinity, -Infinity]) {
      const normed = { shape: [2, 5, 4, 6], adds: true, rectifies: true, seed: 6, bad }
      const [own, theirs] = [normalise(normed, true), normalise(normed, false)]
      expect(Array.from(own.y, Number.isNaN)).toEqual(Array.from(theirs.y, Number.isNaN))
      expect(Array.from(own.variance, Number.isNaN)).toEqual(Array.from(theirs.variance, Number.isNaN))
      expect(own.sum).toEqual(theirs.sum)
      expect(own.norm).toEqual(theirs.norm)
      expect(own.y.some(Number.isNaN)).toBe(true)
    }
  })
})

interface Normed {
  readonly shape: readonly number[]
  readonly adds: boolean
  readonly rectifies: boolean
  readonly seed: number
  /** Mean and deviation of the values. */
  readonly at?: number
  readonly scale?: number
  /** In the place of one value. */
  readonly bad?: number
}

/** A batch norm's value, statistics, and what it took with its norm, by our own kernels or by TensorFlow's operations. */
function normalise({ shape, adds, rectifies, seed, at = 0, scale = 1, bad }: Normed, ownKernels: boolean, threads = 2) {
  const g = new TensorGraph()
  const channels = shape[3]!
  const [x, addend] = [g.placeholder('x', shape), g.placeholder('addend', shape)]
  const [gamma, beta] = [g.placeholder('gamma', [channels]), g.placeholder('beta', [channels])]
  const sum = adds ? g.sum([x, addend]) : x
  const { y, mean, variance } = g.batchNorm(sum, gamma, beta, 1e-5)
  const names = ['y', 'mean', 'variance', 'sum', 'norm'] as const
  const values = [rectifies ? g.relu(y) : y, mean, variance, sum, g.normsOfHalves(g.halfSquaredNorm(sum))]
  values.forEach((value, i) => g.named(names[i]!, value))
  const nodes = ownKernels ? fuse(g.nodes, { channels: g.normalised, sums: g.sums, detours: g.detours, ownKernels }) : g.nodes
  expect(nodes.some(({ op }) => op === 'NormlabBatchNormRelu')).toBe(ownKernels)
  const random = new Random(seed)
  const drawn = (length: number): Float32Array => Float32Array.from({ length }, () => at + scale * random.normal())
  const size = shape.reduce((product, side) => product * side, 1)
  const session = Session.open(nodes, { threads, parallelOperations: 1 })
  try {
    const images = drawn(size)
    if (bad !== undefined) images[Math.floor(size / 2)] = bad
    const feeds = {
      x: { shape, values: images },
      ...(adds && { addend: { shape, values: drawn(size) } }),
      gamma: { shape: [channels], values: Float32Array.from({ length: channels }, () => random.normal()) },
      beta: { shape: [channels], values: Float32Array.from({ length: channels }, () => random.normal()) },
    }
    const found = session.run(feeds, names) as Float32Array[]
    return Object.fromEntries(names.map((name, i) => [name, found[i]!])) as Record<(typeof names)[number], Float32Array>
  } finally {
    session.close()
  }
}

function expectSame(own: ReturnType<typeof normalise>, theirs: ReturnType<typeof normalise>): void {
  for (const name of ['y', 'mean', 'variance', 'norm'] as const) expectClose(own[name], theirs[name], 1e-5, name)
  expect(own.sum).toEqual(theirs.sum)
}
