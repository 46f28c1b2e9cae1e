import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { afterSteps } from '../../main/engine/graph/update/isometries'
import { optimiserSettings } from '../../main/engine/graph/update/settings'
import { wordsOf } from '../../main/engine/graph/update/words'
import { fullRankOf, type KernelOperator } from '../../main/engine/graph/kernel-operator'
import { SafetensorsReader } from '../../main/formats/safetensors'
import type { MuonSettings } from '../../shared/optimisers/definition'
import { muon } from '../../shared/optimisers/muon'
import { expectClose } from './support/compare'
import { evaluate, openExpression } from './support/expression'

/** Made by reference/torch/make_muon.py with numpy, which holds it against PyTorch's Muon. */
const file = SafetensorsReader.open(path.join(__dirname, 'reference/torch/muon.safetensors'))
const told = JSON.parse(file.metadata['muon']!) as Record<'steps' | 'rate' | 'momentum' | 'decay', number> & {
  shapes: Record<string, number[]>
}
const names = Object.keys(told.shapes)
const operator = (shape: readonly number[], groups = 1): KernelOperator => {
  return { shape, groups, dilation: 1, grid: shape.length === 4 ? [4, 4] : null, fullRank: fullRankOf(shape, groups) }
}
const joined = (of: (name: string) => Float32Array): Float32Array => Float32Array.from(names.flatMap((name) => [...of(name)]))

describe('Muon', () => {
  it.each(['quintic', 'svd'].flatMap((method) => ['original', 'rms'].map((scale) => [method, scale])))(
    'by %s, scale %s, steps as numpy does, all kernels at once',
    (method, scale) => {
      const chosen = { method, scale, momentum: told.momentum } as MuonSettings
      const kernels = names.map((name) => operator(told.shapes[name]!))
      let w = joined((name) => file.readFloats(`${name}.start`))
      let momenta = new Float32Array(w.length)
      const expression = openExpression((g) => {
        const [gradient, kept] = ['gradient', 'kept'].map((name) => g.placeholder(name, [w.length])) as [never, never]
        const settings = optimiserSettings({ momentum: 0, nesterov: false, weightDecay: 0, muon: chosen })
        const entries = {
          gradient,
          rate: g.constant(told.rate),
          kept: { momenta: kept, squares: kept, gramians: kept, bases: kept },
        }
        const found = muon.update(wordsOf(g, () => kernels), entries, settings) // prettier-ignore
        return [found.step, found.kept.momenta!]
      })
      for (let step = 0; step < told.steps; step++) {
        const gradient = joined((name) => file.readFloats(`${name}.gradient${step}`))
        const feeds = { gradient: { shape: [w.length], values: gradient }, kept: { shape: [w.length], values: momenta } }
        const [moved, mean] = expression.run(feeds) as [Float32Array, Float32Array]
        w = w.map((value, i) => value * (1 - told.rate * told.decay) - moved[i]!)
        momenta = mean.slice()
      }
      expression.close()
      expectClose(w, joined((name) => file.readFloats(`${name}.${method}.${scale}`)), 1e-5, `${method} ${scale}`) // prettier-ignore
    },
  )

  it('steps of a kernel in groups as of each group by itself', () => {
    const shape = [3, 3, 2, 6]
    const values = Float32Array.from({ length: 108 }, (_, i) => Math.sin(i * i))
    const of = (x: Float32Array, kernel: KernelOperator): Float32Array =>
      evaluate((g) => [wordsOf(g, () => [kernel]).isometries(g.placeholder('x', [x.length]), 'svd', () => 1)], {
        x: { shape: [x.length], values: x },
      })[0]!
    const whole = of(values, operator(shape, 3))
    for (let group = 0; group < 3; group++) {
      const inGroup = (_: number, i: number): boolean => Math.floor((i % 6) / 2) === group
      const own = of(values.filter(inGroup), operator([3, 3, 2, 2]))
      expectClose(whole.filter(inGroup), own, 1e-5, `group ${group}`)
    }
  })

  it.each(['svd', 'operator'] as const)(
    'by %s moves along the directions that a gradient has, and not along its rounding',
    (method) => {
      // Of two images: a sum of two outer products.
      const [rows, columns] = [24, 12]
      const of = (seed: number, length: number): number[] => Array.from({ length }, (_, i) => Math.sin(seed + seed * i * i))
      const gradient = Float32Array.from({ length: rows * columns }, (_, at) =>
        [1, 2].reduce(
          (sum, image) => sum + of(image, rows)[Math.floor(at / columns)]! * of(image + 2, columns)[at % columns]!,
          0,
        ),
      )
      for (const shape of [
        [rows, columns],
        [1, 1, rows, columns],
      ]) {
        const [found] = evaluate((g) => [wordsOf(g, () => [operator(shape)]).isometries(g.placeholder('x', [gradient.length]), method, () => 1)], {
        x: { shape: [gradient.length], values: gradient },
      }) // prettier-ignore
        // Two singular values of 1: their squares' sum.
        expect(found!.reduce((sum, value) => sum + value * value, 0)).toBeCloseTo(2, 4)
      }
    },
  )

  it('leaves the singular values that its polynomials say', () => {
    // Diagonal, of norm 1 but for the last value, which the others hardly move.
    const shares = [0.001, 0.01, 0.05, 0.2, 0.5]
    const rest = Math.sqrt(1 - shares.reduce((sum, share) => sum + share ** 2, 0))
    const diagonal = [...shares, rest]
    const values = new Float32Array(36)
    diagonal.forEach((value, i) => (values[i * 7] = value))
    for (const method of ['quintic', 'polar-express'] as const) {
      const [found] = evaluate(
        (g) => [wordsOf(g, () => [operator([6, 6])]).isometries(g.placeholder('x', [36]), method, () => 1)],
        {
          x: { shape: [36], values },
        },
      )
      expectClose(Float32Array.from(diagonal, (_, i) => found![i * 7]!), Float32Array.from(afterSteps(method, diagonal)), 1e-4, method) // prettier-ignore
    }
    const many = Array.from({ length: 1000 }, (_, i) => 10 ** (-3 + (3 * i) / 999))
    const express = afterSteps('polar-express', many)
    expect([Math.min(...express), Math.max(...express)].map((value) => Number(value.toFixed(3)))).toEqual([0.993, 1.001])
    const quintic = afterSteps('quintic', many.filter((share) => share >= 0.01)) // prettier-ignore
    expect([Math.min(...quintic), Math.max(...quintic)].map((value) => Number(value.toFixed(2)))).toEqual([0.68, 1.13])
  })
})
