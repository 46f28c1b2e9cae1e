import { readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { bidiagonalise } from '../../main/engine/spectra/bidiagonal'
import { convolutionMap, frobeniusNorm } from '../../main/engine/spectra/convolution-map'
import { type ConvolutionOperator, denseMatrix, type Padding } from '../../main/engine/spectra/operator'
import { type CircularSpectrum, circularSpectra } from '../../main/engine/spectra/frequencies'
import { convolutionSpectrum, frequencyBatch, matrixSpectrum } from '../../main/engine/spectra/spectrum'
import { SafetensorsReader } from '../../main/formats/safetensors'
import { directions } from '../../shared/spectra/lost-directions'
import { summariseSpectrum } from '../../shared/spectra/summary'
import { Random } from '../../shared/random'
import { expectClose } from './support/compare'
import { golden } from './support/reference'

interface Case {
  readonly name: string
  readonly size: number
  readonly stride: number
  readonly padding: string
  readonly groups: number
}

const { operators } = JSON.parse(readFileSync(path.join(__dirname, 'reference/spectra.json'), 'utf8')) as { operators: Case[] }
const file = golden('operators')
const paddingOf = (word: string): Padding => (word === 'circular' || word === 'same' ? word : Number(word))

function operatorOf({ name, size, stride, padding, groups }: Case): ConvolutionOperator {
  const shape = file.shape(`${name}.kernel`) as [number, number, number, number]
  return { shape, values: file.floats(`${name}.kernel`), size, stride, groups, padding: paddingOf(padding) }
}

/** A convolution of normal entries. */
function random(
  shape: [number, number, number, number],
  rest: Omit<ConvolutionOperator, 'shape' | 'values'>,
): ConvolutionOperator {
  const draws = new Random(7)
  return { shape, ...rest, values: Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, () => draws.normal()) }
}

function valuesOf(operator: ConvolutionOperator): Float32Array {
  const found = convolutionSpectrum(operator, 'test')
  if (!('singularValues' in found)) throw new Error('only the extremes were found')
  return found.singularValues
}

describe('the singular values of a convolution as it acts', () => {
  it.each(operators)('are those of the explicit matrix: $name', (one) => {
    expectClose(valuesOf(operatorOf(one)), file.floats(`${one.name}.singular_values`), 1e-4, one.name)
  })

  it('of a 3×3 kernel of ones on 4×4 pixels are the ones that can be worked out by hand', () => {
    const ones = (padding: Padding, stride: number): number[] => [
      ...valuesOf({ shape: [3, 3, 1, 1], values: new Float32Array(9).fill(1), size: 4, padding, stride, groups: 1 }),
    ]
    const circular = ones('circular', 1)
    circular.forEach((value, i) =>
      expect(value).toBeCloseTo([9, ...Array<number>(6).fill(3), ...Array<number>(9).fill(1)][i]!, 5),
    )
    expect(ones('same', 1)[0]).toBeCloseTo((1 + 2 * Math.cos(Math.PI / 5)) ** 2, 5)
    ones('circular', 2).forEach((value, i) => expect(value).toBeCloseTo([5, Math.sqrt(5), Math.sqrt(5), 1][i]!, 5))
    ones('same', 2).forEach((value, i) => expect(value).toBeCloseTo([3.618034, 2.236068, 2.236068, 1.381966][i]!, 5))
  })

  it('are as many as the smaller side has, and their squares add up to the operator’s', () => {
    for (const operator of [
      random([3, 3, 3, 16], { size: 8, stride: 1, padding: 'circular', groups: 1 }),
      random([2, 3, 2, 6], { size: 7, stride: 3, padding: 2, groups: 2 }),
      random([5, 1, 3, 4], { size: 6, stride: 2, padding: 'same', groups: 1 }),
      random([3, 3, 2, 3], { size: 2, stride: 1, padding: 'circular', groups: 1 }),
    ]) {
      const values = valuesOf(operator)
      const squares = values.reduce((sum, value) => sum + value ** 2, 0)
      const { rows, columns } = denseMatrix(operator, 0, 'test')
      expect(values.length).toBe(operator.groups * Math.min(rows, columns))
      // Taps that a small grid makes fall on the same pixel add up before they are squared.
      if (operator.size !== 2) expect(Math.sqrt(squares) / frobeniusNorm(operator, 'test')).toBeCloseTo(1, 5)
    }
  })
})

describe('directions that no kernel of the form reaches', () => {
  it.each([
    { stride: 2, dilation: 2, groups: 1, size: 3 },
    { stride: 2, dilation: 3, groups: 1, size: 3 },
    { stride: 4, dilation: 2, groups: 1, size: 3 },
    { stride: 4, dilation: 6, groups: 2, size: 1 },
    { stride: 3, dilation: 3, groups: 2, size: 3 },
  ])('are lost from the explicit matrix of one: %o', ({ stride, dilation, groups, size }) => {
    const [side, channels, filters] = [4 * stride, 2, 20]
    const shape = [size, size, channels / groups, filters] as const
    const random = new Random(2)
    const kernel = { shape, values: Float32Array.from({ length: size * size * shape[2] * filters }, () => random.normal()) }
    const operator = { ...kernel, size: side, padding: 'circular' as const, stride, dilation, groups }
    const { rows, columns, values } = denseMatrix(operator, 0, 'kernel')
    const found = matrixSpectrum(values, rows, columns)
    const rank = found.filter((value) => value > 1e-5 * found[0]!).length
    const { all, reached } = directions({ kind: 'convolution', kernel: [...shape], stride, dilation, groups })
    const places = (side / stride) ** 2
    expect({ all: groups * found.length, reached: groups * rank }).toEqual({ all: places * all, reached: places * reached })
  })
})

describe('operators as PyTorch has them (reference/torch/make_operators.py)', () => {
  const file = SafetensorsReader.open(path.join(__dirname, 'reference/torch/operators.safetensors'))
  const cases = JSON.parse(file.metadata['cases']!) as (Omit<ConvolutionOperator, 'shape' | 'values'> & {
    readonly name: string
    readonly summary: Readonly<Record<string, number>>
  })[]

  it.each(cases)('have its values and what NumPy makes of them: $name', ({ name, summary, ...operator }) => {
    const shape = file.info(`${name}.kernel`).shape as [number, number, number, number]
    const values = valuesOf({ ...operator, shape, values: file.readFloats(`${name}.kernel`) })
    expectClose(values, file.readFloats(`${name}.singular_values`), 1e-5, name)
    const found = summariseSpectrum({ values, times: 1 }, 0.25)
    for (const [figure, value] of Object.entries(summary))
      expect(found[figure as keyof typeof found] / value, figure).toBeCloseTo(1, 3)
  })
})

describe('Gram iteration', () => {
  it('bounds the largest value from above, and closely', () => {
    for (const operator of [
      random([3, 3, 5, 8], { size: [6, 9], stride: 1, padding: 'circular', groups: 1 }),
      random([5, 5, 2, 2], { size: 8, stride: 2, padding: 'circular', groups: 1, dilation: 2 }),
      random([1, 1, 7, 3], { size: 4, stride: 1, padding: 'circular', groups: 1 }),
    ]) {
      const [{ values, gramBound }] = circularSpectra(frequencyBatch(operator), { threads: 1, withBound: true }) as [
        CircularSpectrum,
      ]
      expect(gramBound! / values[0]!).toBeGreaterThanOrEqual(1 - 1e-6)
      expect(gramBound! / values[0]!).toBeLessThan(1.02)
    }
  })

  it('survives kernels that are zero, tiny and huge', () => {
    for (const scale of [0, 1e-30, 1e30]) {
      const operator = random([3, 3, 2, 2], { size: 4, stride: 1, padding: 'circular', groups: 1 })
      const scaled = { ...operator, values: operator.values.map((value) => value * scale) }
      const [{ values, gramBound }] = circularSpectra(frequencyBatch(scaled), { threads: 1, withBound: true }) as [
        CircularSpectrum,
      ]
      if (scale === 0) expect([values[0], gramBound! < 1e-100]).toEqual([0, true])
      else expect(gramBound! / values[0]!).toBeCloseTo(1, 1)
    }
  })
})

describe('an operator that is too large for its matrix', () => {
  it('has products that are its matrix’s', () => {
    const operator = random([3, 2, 2, 6], { size: 5, stride: 2, padding: 1, groups: 2 })
    const draws = new Random(3)
    for (let group = 0; group < 2; group++) {
      const map = convolutionMap(operator, group, 'test')
      const { rows, columns, values } = denseMatrix(operator, group, 'test')
      expect([map.inputs, map.outputs]).toEqual([rows, columns])
      const [x, y] = [rows, columns].map((length) => Float64Array.from({ length }, () => draws.normal())) as [
        Float64Array,
        Float64Array,
      ]
      const product = map.apply(x)
      const back = map.transpose(y)
      for (let o = 0; o < columns; o++)
        expect(product[o]).toBeCloseTo(
          x.reduce((sum, value, i) => sum + value * values[i * columns + o]!, 0),
          4,
        )
      expect(product.reduce((sum, value, o) => sum + value * y[o]!, 0)).toBeCloseTo(
        back.reduce((sum, value, i) => sum + value * x[i]!, 0),
        8,
      )
    }
  })

  it('has extremes within the error that is told', () => {
    // A decaying spectrum on 6,000 values: every eighth channel is loud.
    // The zeros around it are seen by outputs alone, so that its values are those of the one that wraps around.
    const operator = random([1, 1, 10, 10], { size: 25, stride: 1, padding: 1, groups: 1 })
    const found = convolutionSpectrum(operator, 'test')
    const dense = valuesOf({ ...operator, padding: 'circular' })
    if (!('largest' in found)) throw new Error('it was small enough after all')
    expect(Math.abs(found.largest.value - dense[0]!)).toBeLessThanOrEqual(found.largest.error + 1e-5 * dense[0]!)
    expect(Math.abs(found.smallest.value - dense[dense.length - 1]!)).toBeLessThanOrEqual(found.smallest.error + 1e-5 * dense[0]!)
    expect(found.frobenius.value).toBeCloseTo(Math.hypot(...dense), 2)
  })

  it('ends where the space is exhausted', () => {
    const identity = { inputs: 5, outputs: 5, apply: (x: Float64Array) => x.slice(), transpose: (y: Float64Array) => y.slice() }
    const draws = new Random(1)
    const { diagonal, rest } = bidiagonalise(identity, 20, () => draws.normal())
    expect([...diagonal]).toEqual([expect.closeTo(1, 12)])
    expect(rest).toBe(0)
  })
})

describe('a 1×1 kernel, which meets no edge', () => {
  it.each([
    ['same', 1, 6],
    [0, 1, 6],
    ['same', 2, 6],
    [0, 2, 5],
  ] as const)('has padded by %s with stride %d on %d pixels the values of its explicit matrix', (padding, stride, size) => {
    const operator = random([1, 1, 3, 4], { size, stride, groups: 1, padding })
    const { rows, columns, values } = denseMatrix(operator, 0, 'it')
    const spectrum = convolutionSpectrum(operator, 'it')
    if (!('singularValues' in spectrum)) throw new Error('all of them are wanted')
    expectClose(spectrum.singularValues, matrixSpectrum(values, rows, columns), 1e-5, 'it')
  })

  it('has all of them where it is too large for a matrix, as the one that wraps around', () => {
    const operator = random([1, 1, 8, 8], { size: 32, stride: 1, groups: 1, padding: 'same' })
    expect(convolutionSpectrum(operator, 'it')).toEqual(convolutionSpectrum({ ...operator, padding: 'circular' }, 'it'))
  })
})
