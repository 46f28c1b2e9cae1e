import { readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { expectedImprovement } from '../../../shared/search/expected-improvement'
import { fittedProcess } from '../../../shared/search/fitted-process'
import { gaussianProcess } from '../../../shared/search/gaussian-process'
import { sobolWords } from '../../../shared/search/sobol'

/** From scipy and scikit-learn, by golden/make.py. */
const golden = <T>(name: string): T => JSON.parse(readFileSync(path.join(__dirname, 'golden', name), 'utf8')) as T

const sobol = golden<{ rows: number[]; points: number[][]; sums: number[]; masks: number[]; shifted: number[][] }>('sobol.json')
const process = golden<{
  x: number[][]
  y: number[]
  at: number[][]
  amplitude: number
  lengths: number[]
  noise: number
  mean: number[]
  deviation: number[]
  likelihood: number
  best: number
  improvement: number[]
  fitted: { theta: number[]; likelihood: number }
}>('process.json')

describe('Sobol’s sequence', () => {
  it('is that of scipy in 20 dimensions, to the last digit', () => {
    expect(sobol.rows.map((row) => sobolWords(20, row))).toEqual(sobol.points)
    const sums = sobol.sums.map(() => 0)
    for (let index = 0; index < 256; index++) sobolWords(20, index).forEach((word, i) => (sums[i]! += word))
    expect(sums).toEqual(sobol.sums)
  })
  it('is shifted digit by digit', () => {
    const shifted = sobol.shifted.map((_, index) => sobolWords(3, index).map((word, i) => word ^ sobol.masks[i]!))
    expect(shifted).toEqual(sobol.shifted)
  })
})

describe('the Gaussian process', () => {
  const kinds = ['number', 'number'] as const
  const made = gaussianProcess(process.x, process.y, kinds, process)!

  it('has mean, deviation and likelihood of scikit-learn’s', () => {
    expect(made.likelihood).toBeCloseTo(process.likelihood, 9)
    process.at.forEach((point, i) => {
      const { mean, deviation } = made.at(point)
      expect(mean).toBeCloseTo(process.mean[i]!, 9)
      expect(deviation).toBeCloseTo(process.deviation[i]!, 7)
    })
  })
  it('expects the improvement of the closed form', () => {
    process.improvement.forEach((wanted, i) => {
      const found = expectedImprovement(process.mean[i]!, process.deviation[i]!, process.best)
      expect(Math.abs(found - wanted)).toBeLessThan(1e-12 + 1e-6 * wanted)
    })
    expect(expectedImprovement(1, 0, 3)).toBe(2)
    expect(expectedImprovement(3, 0, 1)).toBe(0)
  })
  it('is fitted as likely as scikit-learn does from twenty beginnings', () => {
    const { process: fitted, hyperparameters } = fittedProcess(process.x, process.y, kinds)!
    expect(fitted.likelihood).toBeGreaterThan(process.fitted.likelihood - 0.01)
    expect(hyperparameters.lengths[0]! / process.fitted.theta[1]!).toBeCloseTo(1, 0)
  })
  it('is fitted where no change of one hyperparameter makes it more likely, in 12 axes as well', () => {
    const axes = Array.from({ length: 12 }, () => 'number' as const)
    const points = Array.from({ length: 40 }, (_, row) => sobolWords(12, row + 1).map((word) => (word >>> 0) / 2 ** 32))
    const y = points.map((point) => Math.sin(4 * point[0]!) + point[3]! ** 2 - 0.8)
    const { process: fitted, hyperparameters } = fittedProcess(points, y, axes)!
    const likelihood = (changed: Partial<typeof hyperparameters>): number =>
      gaussianProcess(points, y, axes, { ...hyperparameters, ...changed })!.likelihood
    for (const by of [0.9, 1 / 0.9]) {
      const { amplitude, lengths, noise } = hyperparameters
      if (amplitude * by < 20) expect(likelihood({ amplitude: amplitude * by })).toBeLessThan(fitted.likelihood + 0.01)
      if (noise * by >= 1e-6) expect(likelihood({ noise: noise * by })).toBeLessThan(fitted.likelihood + 0.01)
      lengths.forEach((length, axis) => {
        if (length * by > 20) return
        const changed = lengths.map((one, i) => (i === axis ? length * by : one))
        expect(likelihood({ lengths: changed })).toBeLessThan(fitted.likelihood + 0.01)
      })
    }
  })
  it('has no more to tell of a choice than whether it is the same', () => {
    const choice = gaussianProcess([[0], [1]], [1, -1], ['choice'], { amplitude: 1, lengths: [1], noise: 1e-6 })!
    const other = gaussianProcess([[0], [7]], [1, -1], ['choice'], { amplitude: 1, lengths: [1], noise: 1e-6 })!
    expect(choice.at([1])).toEqual(other.at([7]))
    expect(choice.at([0]).mean).toBeCloseTo(1, 4)
  })
})
