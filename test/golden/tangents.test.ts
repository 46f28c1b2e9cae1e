import { describe, expect, it } from 'vitest'
import { TensorGraph } from '../../main/engine/graph/tensor-graph'
import type { Tensor } from '../../shared/ops/graph'
import { tangentOf } from '../../shared/ops/tangent'
import { Random } from '../../shared/random'
import { expectClose, norm } from './support/compare'
import { openExpression } from './support/expression'
import { type OpCase, opCases, titleOf } from './support/op-cases'
import { BATCH, openOp, type OpenOp } from './support/open-op'

/** Rounding of single precision, over sums of some hundred terms. */
const TOLERANCE = 2e-5
const STEP = 0.02

const modes = [true, false] as const
const dot = (a: ArrayLike<number>, b: ArrayLike<number>): number => Array.from(a).reduce((sum, x, i) => sum + x * b[i]!, 0)
const normal = (length: number, random: Random): Float32Array => Float32Array.from({ length }, () => random.normal())

interface Products {
  readonly forward: Float32Array
  readonly back: readonly Float32Array[]
}

/** J·v and Jᵀ·u of a layer at its variables' values, v a direction for each input. */
function products(layer: OpenOp, training: boolean, v: readonly Float32Array[], u: Float32Array): Products {
  const { op, attributes, variables, outputShape, labels } = layer
  const inputs = variables.filter(({ role }) => role === 'input')
  const expression = openExpression((g) => {
    const of = (role: string): Record<string, Tensor> =>
      Object.fromEntries(variables.filter((v) => v.role === role).map(({ name, shape }) => [name, g.placeholder(name, shape)]))
    const entering = Object.values(of('input'))
    const shared = { attributes, inputs: entering, parameters: of('parameter'), statistics: of('statistic'), training }
    const { output, saved = [] } = op.forward(g, {
      ...shared,
      labels: g.placeholder('labels', [BATCH], 'int32'),
      labelSmoothing: 0,
      key: g.constant([3, 4], [2], 'int32'),
      index: 1,
    })
    const dy = g.placeholder('u', outputShape)
    const back = op.gradient(g, { ...shared, output, saved, dy, wanted: inputs.map(() => true) })
    // Computed, not fed: TensorFlow may write into what it has made itself.
    const directions = inputs.map(({ shape }, i) => g.scale(g.placeholder(`v${i}`, shape), 2))
    const forward = tangentOf(g, new TensorGraph(), op, { ...shared, output, saved }, directions)
    return [forward!, ...back.inputs.map((gradient) => gradient!)]
  })
  try {
    const [forward, ...back] = expression.run({
      ...Object.fromEntries(variables.map(({ name, shape, values }) => [name, { shape, values }])),
      ...Object.fromEntries(inputs.map(({ shape }, i) => [`v${i}`, { shape, values: v[i]!.map((value) => value / 2) }])),
      u: { shape: outputShape, values: u },
      labels: { shape: [BATCH], values: labels },
    }) as Float32Array[]
    return { forward: forward!, back }
  } finally {
    expression.close()
  }
}

/** How the output moves along v, by central differences over h and 2h, joined so that errors of second order cancel. */
function differences(layer: OpenOp, training: boolean, v: readonly Float32Array[]): number[] {
  const inputs = layer.variables.filter(({ role }) => role === 'input')
  const values = inputs.map((input) => input.values)
  const at = (step: number): Float32Array => {
    inputs.forEach((input, i) => (input.values = values[i]!.map((value, j) => value + step * v[i]![j]!)))
    return layer.forward(training)
  }
  const slopes = (step: number): number[] => {
    const [up, down] = [at(step), at(-step)]
    return Array.from(up, (value, i) => (value - down[i]!) / (2 * step))
  }
  const [near, far] = [slopes(STEP), slopes(2 * STEP)]
  inputs.forEach((input, i) => (input.values = values[i]!))
  return near.map((slope, i) => (4 * slope - far[i]!) / 3)
}

const cases: readonly OpCase[] = opCases.filter(({ kind }) => kind !== 'input')

describe.each(cases.map((opCase) => ({ title: titleOf(opCase), opCase })))('$title', ({ opCase }) => {
  it.each(modes)('has products forward and back that are transposes (training: %s)', (training) => {
    const layer = openOp(opCase)
    try {
      const random = new Random(7)
      const inputs = layer.variables.filter(({ role }) => role === 'input')
      const v = inputs.map(({ values }) => normal(values.length, random))
      const u = normal(layer.functional.length, random)
      const { forward, back } = products(layer, training, v, u)
      const [there, here] = [dot(u, forward), back.reduce((sum, gradient, i) => sum + dot(gradient, v[i]!), 0)]
      const scale = Math.max(norm(u) * norm(forward), 1e-6)
      expect(Math.abs(there - here) / scale).toBeLessThan(TOLERANCE)
      expectClose(forward, differences(layer, training, v), 2e-3, titleOf(opCase))
    } finally {
      layer.close()
    }
  })
})

it('takes of equal entries in a window the one that the gradient goes to', () => {
  const layer = openOp({ kind: 'max-pool', attributes: { size: 3, stride: 1 }, inputs: [[5, 5, 2]] })
  try {
    const [x] = layer.variables
    x!.values = x!.values.map((value) => Math.max(0, Math.round(value)))
    const random = new Random(9)
    const [v, u] = [normal(x!.values.length, random), normal(layer.functional.length, random)]
    const { forward, back } = products(layer, true, [v], u)
    expect(dot(u, forward)).toBeCloseTo(dot(back[0]!, v), 3)
  } finally {
    layer.close()
  }
})
