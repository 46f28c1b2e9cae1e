import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { fullRankOf, type KernelOperator } from '../../main/engine/graph/kernel-operator'
import { sidesOfStacks } from '../../main/engine/graph/update/sides'
import { stacksOf } from '../../main/engine/graph/update/kernel-stacks'
import { optimiserSettings } from '../../main/engine/graph/update/settings'
import { wordsOf } from '../../main/engine/graph/update/words'
import { SafetensorsReader } from '../../main/formats/safetensors'
import { soap } from '../../shared/optimisers/soap'
import type { Tensor } from '../../shared/ops/graph'
import { expectClose } from './support/compare'
import { openExpression } from './support/expression'

/** Made by reference/torch/make_soap.py with numpy, which holds it against pytorch_optimizer's SOAP. */
const file = SafetensorsReader.open(path.join(__dirname, 'reference/torch/soap.safetensors'))
const told = JSON.parse(file.metadata['soap']!) as Record<
  'steps' | 'every' | 'side' | 'rate' | 'beta1' | 'beta2' | 'epsilon',
  number
> & { shapes: Record<string, number[]> }
const { beta1, beta2, epsilon, every, side } = told
const settings = optimiserSettings({
  ...{ momentum: 0, nesterov: false, weightDecay: 0 },
  ...{ beta1, beta2, epsilon, soap: { every, side } },
})
const operator = (shape: readonly number[], groups = 1): KernelOperator => {
  return { shape, groups, dilation: 1, grid: null, fullRank: fullRankOf(shape, groups) }
}
const STATE = ['momenta', 'squares', 'gramians', 'bases'] as const

/** Where SOAP takes kernels of zeros by these gradients, and what it keeps. */
function moved(kernels: readonly KernelOperator[], gradients: readonly Float32Array[]) {
  const length = gradients[0]!.length
  const matrices = sidesOfStacks(stacksOf(kernels), side).reduce((sum, one) => sum + one.count * one.side ** 2, 0)
  const lengths = { momenta: length, squares: length, gramians: matrices, bases: matrices }
  const expression = openExpression((g) => {
    const kept = Object.fromEntries(STATE.map((name) => [name, g.placeholder(name, [lengths[name]])])) as Record<(typeof STATE)[number], Tensor> // prettier-ignore
    const entries = { gradient: g.placeholder('gradient', [length]), rate: g.constant(told.rate), kept }
    const found = soap.update(wordsOf(g, () => kernels, side), entries, settings) // prettier-ignore
    return [found.step, ...STATE.map((name) => found.kept[name]!)]
  })
  let w = new Float64Array(length)
  let kept = STATE.map((name) => new Float32Array(lengths[name]))
  gradients.forEach((gradient, i) => {
    const fed = Object.entries(soap.feeds!(settings, i + 1)).map(([name, value]) => [name, { shape: [], values: Float32Array.of(value) }] as const) // prettier-ignore
    const state = STATE.map((name, at) => [name, { shape: [lengths[name]], values: kept[at]! }] as const)
    const feeds = { ...Object.fromEntries([...fed, ...state]), gradient: { shape: [length], values: gradient } }
    const [step, ...next] = expression.run(feeds) as Float32Array[]
    w = w.map((value, at) => value - step![at]!)
    kept = next.map((values) => values.slice())
  })
  expression.close()
  return { w: Float32Array.from(w), kept }
}

describe('SOAP', () => {
  it('steps as numpy does, all kernels at once: bases on both sides, on the short one alone, and new ones every other step', () => {
    const names = Object.keys(told.shapes)
    const joined = (what: string): Float32Array => Float32Array.from(names.flatMap((name) => [...file.readFloats(`${name}.${what}`)])) // prettier-ignore
    const gradients = Array.from({ length: told.steps }, (_, step) => joined(`gradient${step}`))
    const { w } = moved(names.map((name) => operator(told.shapes[name]!)), gradients) // prettier-ignore
    expectClose(w, joined('moved'), 1e-4, 'moved')
  })

  it('moves nothing by the first gradient, whose bases are orthonormal and make its Gram matrix diagonal', () => {
    const gradient = file.readFloats('dense.gradient0')
    const { w, kept } = moved([operator([12, 12])], [gradient])
    expect(w.every((value) => value === 0)).toBe(true)
    const basis = (i: number, j: number): number => kept[3]![i * 12 + j]!
    for (let a = 0; a < 12; a++)
      for (let b = 0; b < 12; b++) {
        let [product, turned] = [0, 0]
        for (let i = 0; i < 12; i++) {
          product += basis(i, a) * basis(i, b)
          for (let j = 0; j < 12; j++) turned += basis(i, a) * kept[2]![i * 12 + j]! * basis(j, b)
        }
        expect(Math.abs(product - (a === b ? 1 : 0))).toBeLessThan(1e-5)
        if (a !== b) expect(Math.abs(turned)).toBeLessThan(1e-4)
      }
  })

  it('steps of a kernel in groups as of each group by itself', () => {
    const gradients = Array.from({ length: 4 }, (_, k) =>
      Float32Array.from({ length: 108 }, (_value, i) => Math.sin(i * i + k * i)),
    )
    const whole = moved([operator([3, 3, 2, 6], 3)], gradients).w
    for (let group = 0; group < 3; group++) {
      const inGroup = (_: number, i: number): boolean => Math.floor((i % 6) / 2) === group
      const own = moved([operator([3, 3, 2, 2])], gradients.map((gradient) => gradient.filter(inGroup))).w // prettier-ignore
      expectClose(whole.filter(inGroup), own, 1e-4, `group ${group}`)
    }
  })
})
