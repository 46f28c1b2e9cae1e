import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { backwardPass, forwardPass, tensorsByLayer } from '../../main/engine/graph/passes'
import { parameterLayout, statisticLayout } from '../../main/engine/graph/layout'
import { projectKernel, whitenKernel } from '../../main/engine/graph/procrustes'
import type { TensorGraph } from '../../main/engine/graph/tensor-graph'
import { initialParameters } from '../../main/engine/training/initialise'
import { expand, type ExpandedNetwork } from '../../shared/architecture'
import type { Tensor } from '../../shared/ops/graph'
import { ops } from '../../shared/ops'
import { Random } from '../../shared/random'
import { norm, relativeError } from './support/compare'
import { evaluate, openExpression } from './support/expression'
import { openOp } from './support/open-op'
import { randomNetwork } from './support/random-network'

const BATCH = 2
const INT32 = { type: 3 }

/** The shape that TensorFlow finds at run time. */
const shapeOf = (g: TensorGraph, x: Tensor): Tensor =>
  g.tensor('Shape', [x], [x.shape.length], { T: { type: 1 }, out_type: INT32 }, 'int32')

/** Shapes of all layers' values in both forms and of all gradients, as computed; and the loss. */
function compute(network: ExpandedNetwork): {
  training: number[][]
  evaluation: number[][]
  gradients: Map<string, number[]>
  loss: number
} {
  const layout = parameterLayout(network)
  const statistics = statisticLayout(network)
  const names: string[] = []
  const until = network.logits + 1
  const expression = openExpression((g) => {
    const images = g.placeholder('images', [BATCH, ...network.layers[network.input]!.shape])
    const parameters = tensorsByLayer(g, g.placeholder('theta', [layout.length]), layout)
    const moving = tensorsByLayer(g, g.placeholder('moving', [Math.max(statistics.length, 1)]), statistics)
    const labels = g.placeholder('labels', [BATCH], 'int32')
    const key = g.constant([1, 2], [2], 'int32')
    const common = { images, labels, key, parameters, statistics: moving }
    const pass = forwardPass(g, network, { ...common, training: true })
    const other = forwardPass(g, network, { ...common, training: false, upTo: network.logits })
    const all = new Set(network.layers.keys())
    const back = backwardPass(g, network, pass, all)
    const gradients = [
      ...[...back.values].map(([layer, tensor]): [string, Tensor] => [`value ${layer}`, tensor]),
      ...[...back.parameters].flatMap(([layer, named]) =>
        Object.entries(named).map(([name, tensor]): [string, Tensor] => [
          `parameter ${network.layers[layer]!.name}.${name}`,
          tensor,
        ]),
      ),
    ]
    names.push(...gradients.map(([name]) => name))
    return [
      pass.results[network.loss]!.output,
      ...pass.results.slice(0, until).map(({ output }) => shapeOf(g, output)),
      ...other.results.map(({ output }) => shapeOf(g, output)),
      ...gradients.map(([, tensor]) => shapeOf(g, tensor)),
    ]
  })
  try {
    const random = new Random(3)
    const size = network.layers[network.input]!.shape.reduce((a, b) => a * b, BATCH)
    const [loss, ...shapes] = expression.run({
      images: {
        shape: [BATCH, ...network.layers[network.input]!.shape],
        values: Float32Array.from({ length: size }, () => random.normal()),
      },
      theta: { shape: [layout.length], values: initialParameters(network, layout, 'he-fan-in', 1) },
      moving: { shape: [Math.max(statistics.length, 1)], values: new Float32Array(Math.max(statistics.length, 1)).fill(1) },
      labels: { shape: [BATCH], values: Int32Array.of(0, 1) },
    })
    const lists = shapes.map((shape) => [...shape])
    return {
      loss: loss![0]!,
      training: lists.slice(0, until),
      evaluation: lists.slice(until, 2 * until),
      gradients: new Map(names.map((name, i) => [name, lists[2 * until + i]!])),
    }
  } finally {
    expression.close()
  }
}

describe('any network of any layers', () => {
  it('has the shapes that were inferred, forward in both forms and backward', () => {
    const seen = new Set<string>()
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 0xffffffff }), (seed) => {
        const network = expand(randomNetwork(seed))
        for (const { op } of network.layers) seen.add(op.kind)
        const { training, evaluation, gradients, loss } = compute(network)
        const inferred = network.layers.slice(0, network.logits + 1).map(({ shape }) => [BATCH, ...shape])
        expect(training).toEqual(inferred)
        expect(evaluation).toEqual(inferred)
        expect(Number.isFinite(loss)).toBe(true)
        for (let i = 0; i <= network.logits; i++) expect(gradients.get(`value ${i}`)).toEqual(inferred[i])
        for (const { name, shape } of parameterLayout(network).slots) expect(gradients.get(`parameter ${name}`)).toEqual(shape)
      }),
      { seed: 8, numRuns: 45 },
    )
    expect([...seen].sort()).toEqual([...ops.keys()].sort())
  })
})

describe('L2 pooling', () => {
  it('carries the gradient’s norm back exactly, whatever comes in', () => {
    const sides = fc.record({ rows: fc.integer({ min: 1, max: 3 }), columns: fc.integer({ min: 1, max: 3 }), channels: fc.integer({ min: 1, max: 5 }), size: fc.integer({ min: 1, max: 3 }) }) // prettier-ignore
    const check = (kind: string, shape: number[], attributes: object, seed: number): void => {
      const layer = openOp({ kind, attributes: { ...attributes }, inputs: [shape] }, seed)
      try {
        expect(norm(layer.gradients().get('input0')!) / norm(layer.functional)).toBeCloseTo(1, 5)
      } finally {
        layer.close()
      }
    }
    fc.assert(
      fc.property(sides, fc.nat(), ({ rows, columns, channels, size }, seed) => {
        check('l2-pool', [rows * size, columns * size, channels], { size }, seed)
        check('global-l2-pool', [rows * size, columns * size, channels], {}, seed)
      }),
      { seed: 1, numRuns: 20 },
    )
  })
})

/** MᵀM of a [rows, columns] matrix, or MMᵀ where that is the smaller. */
function smallerGram(matrix: ArrayLike<number>, rows: number, columns: number): number[] {
  const rank = Math.min(rows, columns)
  const entry = (i: number, j: number): number => (rows >= columns ? matrix[j * columns + i]! : matrix[i * columns + j]!)
  return Array.from({ length: rank * rank }, (_, k) => {
    let sum = 0
    for (let j = 0; j < Math.max(rows, columns); j++) sum += entry(Math.floor(k / rank), j) * entry(k % rank, j)
    return sum
  })
}
const identity = (side: number, factor = 1): number[] =>
  Array.from({ length: side * side }, (_, i) => (i % (side + 1) === 0 ? factor : 0))

const matrix = fc
  .record({
    rows: fc.integer({ min: 1, max: 12 }),
    columns: fc.integer({ min: 1, max: 12 }),
    seed: fc.nat(),
    size: fc.double({ min: 0.01, max: 100, noNaN: true }),
  }) // prettier-ignore
  .map(({ rows, columns, seed, size }) => {
    const random = new Random(seed)
    return { rows, columns, values: Float32Array.from({ length: rows * columns }, () => size * random.normal()) }
  })

describe('a projected 1×1 kernel', () => {
  it('has singular values that are all sqrt(out/in), and stays as it is when projected again', () => {
    fc.assert(
      fc.property(matrix, ({ rows, columns, values }) => {
        const shape = [1, 1, rows, columns]
        const [once, twice] = evaluate(
          (g) => {
            const projected = projectKernel(g, g.placeholder('kernel', shape), [4, 4], 'svd').kernel
            return [projected, projectKernel(g, projected, [4, 4], 'svd').kernel]
          },
          { kernel: { shape, values } },
        )
        expect(relativeError(smallerGram(once!, rows, columns), identity(Math.min(rows, columns), columns / rows))).toBeLessThan(
          1e-5,
        )
        expect(relativeError(twice!, once!)).toBeLessThan(1e-5)
      }),
      { seed: 1, numRuns: 30 },
    )
  })
})

describe('a whitened kernel', () => {
  it('has orthonormal columns, or rows where it is wide', () => {
    fc.assert(
      fc.property(matrix, ({ rows, columns, values }) => {
        const shape = [rows, columns]
        const [whitened] = evaluate((g) => [whitenKernel(g, g.placeholder('kernel', shape)).kernel], {
          kernel: { shape, values },
        })
        expect(relativeError(smallerGram(whitened!, rows, columns), identity(Math.min(rows, columns)))).toBeLessThan(1e-5)
      }),
      { seed: 1, numRuns: 30 },
    )
  })

  it('is left as it is where it holds something that is not finite', () => {
    const values = Float32Array.of(1, 2, NaN, 4, 5, 6)
    const [whitened] = evaluate((g) => [whitenKernel(g, g.placeholder('kernel', [3, 2])).kernel], {
      kernel: { shape: [3, 2], values },
    })
    expect(whitened).toEqual(values)
  })
})
