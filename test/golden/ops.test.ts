import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ops } from '../../shared/ops'
import { expectClose } from './support/compare'
import { evaluate } from './support/expression'
import { opCases, titleOf } from './support/op-cases'
import { openOp, type OpenOp, type Variable } from './support/open-op'
import { textbookForward } from './support/textbook-ops'

/** Step of the differences: large against float32's rounding; Richardson's extrapolation takes care of the curvature. */
const STEP = 0.04

/** E = Σ functional·output, summed in float64. */
function energy(layer: OpenOp): number {
  return layer.forward(true).reduce((sum, value, i) => sum + value * layer.functional[i]!, 0)
}

/** dE/d(entry) of every entry by central differences over h and 2h, joined so that errors of second order cancel. */
function differences(layer: OpenOp, variable: Variable): number[] {
  const values = variable.values
  const moved = (entry: number, step: number): { energy: number; value: number } => {
    variable.values = values.slice()
    variable.values[entry]! += step
    return { energy: energy(layer), value: variable.values[entry]! }
  }
  const slope = (entry: number, step: number): number => {
    const [up, down] = [moved(entry, step), moved(entry, -step)]
    // By the distance that float32 has really moved.
    return (up.energy - down.energy) / (up.value - down.value)
  }
  const result = Array.from(values, (_, entry) => (4 * slope(entry, STEP) - slope(entry, 2 * STEP)) / 3)
  variable.values = values
  return result
}

it('tries every kind of layer', () => {
  expect([...new Set(opCases.map(({ kind }) => kind))].sort()).toEqual([...ops.keys()].sort())
})

describe.each(opCases.map((opCase) => ({ title: titleOf(opCase), opCase })))('$title', ({ title, opCase }) => {
  let layer: OpenOp
  beforeAll(() => {
    layer = openOp(opCase)
  })
  afterAll(() => layer.close())

  it('computes its definition, in training and in evaluation', () => {
    // What is drawn at random has no textbook entry by entry; see below.
    if (!layer.op.isRandom) expectClose(layer.forward(true), textbookForward(layer, true), 1e-5, `${title} in training`)
    expectClose(layer.forward(false), textbookForward(layer, false), 1e-5, `${title} in evaluation`)
  })

  it('has the gradient that differences show', () => {
    const gradients = layer.gradients()
    const wanted = layer.variables.filter(({ role }) => role !== 'statistic' && layer.op.kind !== 'input')
    expect([...gradients.keys()].sort()).toEqual(wanted.map(({ name }) => name).sort())
    for (const variable of wanted)
      expectClose(gradients.get(variable.name)!, differences(layer, variable), 1e-4, `${title} d/d${variable.name}`)
  })
})

describe('what nobody wants is not computed', () => {
  it.each(['conv2d', 'dense', 'concatenate'])('%s', (kind) => {
    const { attributes: given = {}, inputs } = opCases.find((opCase) => opCase.kind === kind)!
    const op = ops.get(kind)!
    const attributes = op.attributes.parse(given)
    evaluate((g) => {
      const tensors = inputs.map((shape, i) => g.placeholder(`input${i}`, [2, ...shape]))
      const specs = op.parameters?.(inputs, attributes) ?? []
      const parameters = Object.fromEntries(specs.map(({ name, shape }) => [name, g.placeholder(name, shape)]))
      const dy = g.placeholder('dy', [2, ...op.shape(inputs, attributes)])
      const context = {
        attributes,
        inputs: tensors,
        parameters,
        output: dy,
        saved: [],
        dy,
        wanted: inputs.map(() => false),
        training: true,
        statistics: {},
      }
      expect(op.gradient(g, context).inputs).toEqual(inputs.map(() => null))
      return [g.constant(0)]
    })
  })
})

describe('dropout', () => {
  it('drops its share of the entries and divides the others by what is left, the same for the same key', () => {
    const rate = 0.3
    const layer = openOp({ kind: 'dropout', attributes: { rate }, inputs: [[40, 40, 4]] })
    try {
      const [x] = layer.variables
      const output = layer.forward(true)
      expect(layer.forward(true)).toEqual(output)
      let dropped = 0
      output.forEach((value, i) => {
        if (value === 0) dropped++
        else expect(value / x!.values[i]!).toBeCloseTo(1 / (1 - rate), 5)
      })
      // Five standard errors.
      const share = dropped / output.length
      expect(Math.abs(share - rate)).toBeLessThan(5 * Math.sqrt((rate * (1 - rate)) / output.length))
    } finally {
      layer.close()
    }
  })
})

describe('L2 pooling', () => {
  it.each(['l2-pool', 'global-l2-pool'])('passes nothing back through a window of zeros (%s)', (kind) => {
    const layer = openOp({ kind, inputs: [[2, 4, 1]] })
    try {
      const [x] = layer.variables
      x!.values = x!.values.map((value, i) => (kind === 'l2-pool' && i % 4 >= 2 ? value : 0))
      const gradient = layer.gradients().get('input0')!
      expect(gradient.every(Number.isFinite)).toBe(true)
      gradient.forEach((value, i) => expect(value === 0).toBe(x!.values[i] === 0))
    } finally {
      layer.close()
    }
  })
})
