import { describe, expect, it } from 'vitest'
import { NetworkSession } from '../../main/engine/network-session'
import { JacobianMeter } from '../../main/engine/spectra/jacobian'
import { NetworkPoint } from '../../main/engine/spectra/network-point'
import { matrixSpectrum } from '../../main/engine/spectra/spectrum'
import { initialParameters } from '../../main/engine/training/initialise'
import { expand, type ExpandedNetwork, networkFromPreset } from '../../shared/architecture'
import { ratios } from '../../shared/norms/ratio'
import { ops } from '../../shared/ops'
import type { Tensor } from '../../shared/ops/graph'
import { Random } from '../../shared/random'
import { expectClose } from './support/compare'
import { evaluate } from './support/expression'
import { golden } from './support/reference'

/** As make_orthogonal.py has them: channels, filters, size, height, width. */
const cases: Readonly<Record<string, readonly [number, number, number, number, number]>> = {
  reflections: [4, 4, 3, 6, 5],
  'reflections-fewer': [5, 2, 4, 4, 6],
  'reflections-pointwise': [4, 3, 1, 3, 4],
}

describe('reflections', () => {
  const file = golden('torch/orthogonal')
  const op = ops.get('reflection-conv2d')!

  it.each(Object.entries(cases))('have PyTorch’s output and gradients: %s', (name, [channels, filters, size, height, width]) => {
    const attributes = op.attributes.parse({ filters, size, bias: true })
    const specs = op.parameters!([[height, width, channels]], attributes)
    const keys = ['input0', 'dy', ...specs.map((spec) => spec.name)]
    const read = (key: string) => ({ shape: file.shape(`${name}.${key}`), values: file.floats(`${name}.${key}`) })
    const feeds = Object.fromEntries(keys.map((key) => [key, read(key)]))
    const found = evaluate((g) => {
      const given = Object.fromEntries(keys.map((key) => [key, g.placeholder(key, feeds[key]!.shape)]))
      const { input0, dy, ...parameters } = given as Record<string, Tensor> & { input0: Tensor; dy: Tensor }
      const fixed = { labels: g.constant([0], [1], 'int32'), key: g.constant([0, 0], [2], 'int32') }
      const shared = { attributes, inputs: [input0], parameters, statistics: {}, labelSmoothing: 0, index: 0, training: true }
      const { output, saved = [] } = op.forward(g, { ...shared, ...fixed })
      const gradient = op.gradient(g, { ...shared, output, saved, dy, wanted: [true] })
      return [output, gradient.inputs[0]!, ...specs.map((spec) => gradient.parameters![spec.name]!)]
    }, feeds)
    const wanted = ['output', 'grad.input0', ...specs.map((spec) => `grad.${spec.name}`)]
    wanted.forEach((key, i) => expectClose(found[i]!, file.floats(`${name}.${key}`), 1e-5, `${name} ${key}`))
  })
})

const SIDE = 6
const network = (words: string): ExpandedNetwork =>
  expand(networkFromPreset(`isometric:blocks=2,widths=4/6,input=${SIDE}x${SIDE}x3,classes=3,${words}`))
const drawn = (count: number, random: Random): Float32Array =>
  Float32Array.from({ length: count * SIDE * SIDE * 3 }, () => random.normal())

/** Parameters after four steps at a rate that moves them far, in one session or handed on to a second one halfway. */
function trained(
  net: ExpandedNetwork,
  eachStep: (norms: Float32Array) => void = () => undefined,
  sessions: 1 | 2 = 1,
): Float32Array {
  const optimiser = { momentum: 0.9, nesterov: false, weightDecay: 1e-4 }
  const random = new Random(2)
  let state: [parameters: Float32Array, momenta: Float32Array] | undefined
  for (let part = 0; part < sessions; part++) {
    const session = new NetworkSession(net, { batch: 4, threads: 1, optimiser })
    try {
      session.set('parameters', state?.[0] ?? initialParameters(net, session.graph.parameters, 'he-fan-in', 1))
      if (state) session.set('momenta', state[1])
      for (let step = 0; step < 4 / sessions; step++)
        eachStep(session.step({ images: drawn(4, random), labels: Int32Array.of(0, 1, 2, 0) }, 0.05).norms)
      state = [session.get('parameters'), session.get('momenta')]
    } finally {
      session.close()
    }
  }
  return state![0]
}

/** The network at an image, for as long as `look` does. */
function atImage(net: ExpandedNetwork, parameters: Float32Array, look: (meter: JacobianMeter) => void): void {
  const images = drawn(1, new Random(5))
  const fixed = { statistics: new Float32Array(0), threads: 1, mode: 'inference' as const, count: 1 }
  const point = new NetworkPoint({ network: net, parameters, images, ...fixed }, net.logits)
  const meter = new JacobianMeter(point)
  try {
    look(meter)
  } finally {
    meter.close()
    point.close()
  }
}

const unitNamed = (net: ExpandedNetwork, name: string) => net.units.find((unit) => unit.name === name)!
const whole = { exactUpTo: 3000, tolerance: 1e-4, steps: 100, probes: 0, probeSteps: 1 }

describe.each(['form=plain', 'form=reflections'])('an isometric network, %s', (words) => {
  const net = network(words)

  it('hands every gradient’s norm back as it is, at its start and after each step, and has Jacobians whose singular values are 1', () => {
    const parameters = trained(net, (norms) => ratios(norms).forEach((ratio) => expect(ratio).toBeCloseTo(1, 5)))
    const piece = (from: string, to: string) => [unitNamed(net, from).input, unitNamed(net, to).output] as const
    atImage(net, parameters, (meter) => {
      // A block, one that halves the image, and all of them.
      for (const [from, to] of [
        ['stage1.block2', 'stage1.block2'],
        ['stage2.block1', 'stage2.block1'],
        ['stage1.block1', 'stage2.block2'],
      ] as const) {
        // prettier-ignore
        const { singularValues } = meter.spectrum(...piece(from, to), from, whole)
        for (const value of singularValues!) expect(Math.abs(value - 1), `${from} to ${to}`).toBeLessThan(1e-5)
      }
    })
  })
})

describe('an isometric network, form=subspace', () => {
  const net = network('form=subspace,kept=0.5,activation=gelu')

  it('keeps the norm of what moves in the kept channels through all blocks, and lets none of it into the free ones', () => {
    const parameters = trained(net)
    atImage(net, parameters, (meter) => {
      for (const [from, to, entering, leaving, isNarrowing] of [
        ['stage1.block1', 'stage1.block2', 4, 4, false],
        ['stage2.block1', 'stage2.block2', 4, 6, true],
      ] as const) {
        // prettier-ignore
        const map = meter.linearise(unitNamed(net, from).input, unitNamed(net, to).output, from)
        const kept = Array.from({ length: map.inputs }, (_, i) => i).filter((i) => i % entering < entering / 2)
        const columns = kept.map((i) => map.product('direction', Float32Array.from({ length: map.inputs }, (_, j) => (i === j ? 1 : 0)))) // prettier-ignore
        const isKept = (i: number): boolean => i % leaving < leaving / 2
        for (const column of columns) expect(column.every((value, i) => isKept(i) || value === 0)).toBe(true)
        const rows = columns.map((column) => column.filter((_, i) => isKept(i)))
        const values = matrixSpectrum(Float32Array.from(rows.flatMap((row) => [...row])), rows.length, rows[0]!.length)
        expect(values).toHaveLength(isNarrowing ? rows[0]!.length : rows.length)
        for (const value of values) expect(Math.abs(value - 1), `${from} to ${to}`).toBeLessThan(1e-5)
      }
    })
  })

  it('keeps no other direction: the free channels shrink or grow what moves in them', () => {
    atImage(net, trained(net), (meter) => {
      const { input, output } = unitNamed(net, 'stage1.block2')
      const { singularValues } = meter.spectrum(input, output, 'block', whole)
      expect(singularValues![0]! - singularValues![singularValues!.length - 1]!).toBeGreaterThan(0.1)
    })
  })
})

it.each(['form=reflections', 'form=subspace'])('resumes bit for bit (%s)', (words) => {
  expect(trained(network(words), undefined, 2)).toEqual(trained(network(words)))
})
