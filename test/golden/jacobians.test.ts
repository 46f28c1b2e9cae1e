import { readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { JacobianMeter } from '../../main/engine/spectra/jacobian'
import { NetworkPoint } from '../../main/engine/spectra/network-point'
import { withL2Pooling } from '../../main/engine/spectra/pooled'
import { matrixSpectrum } from '../../main/engine/spectra/spectrum'
import { parameterLayout, statisticLayout } from '../../main/engine/graph/layout'
import { initialParameters } from '../../main/engine/training/initialise'
import { branchOf, expand, type ExpandedNetwork, networkFromPreset } from '../../shared/architecture'
import { elements } from '../../shared/ops/op'
import { Random } from '../../shared/random'
import { initialChoice } from './support/initial-choice'
import { expectClose, norm } from './support/compare'
import { randomNetwork } from './support/random-network'
import { folder, golden } from './support/reference'
import { jacobiansOf, unitValues } from './support/unit-jacobian'

interface Case {
  readonly network: string
  readonly units: readonly string[]
  readonly batch: number
}
const { jacobians } = JSON.parse(readFileSync(path.join(__dirname, 'reference/spectra.json'), 'utf8')) as {
  jacobians: Record<string, Case>
}
const modes = ['inference', 'training'] as const
const cases = Object.entries(jacobians).flatMap(([name, { network, units }]) =>
  units.flatMap((unit) => modes.map((mode) => ({ name, network, unit, mode }))),
)
const fileOf = (name: string): { weights: string; batch: string } => {
  const file = path.join(folder, `jacobian_${name}.safetensors`)
  return { weights: file, batch: file }
}
const asked = (name: string, mode: (typeof modes)[number]) => ({
  ...{ network: networkFromPreset(jacobians[name]!.network), mode, ...fileOf(name) },
})

describe('the singular values of a unit’s Jacobian', () => {
  it.each(cases)('are those of the reference: $name, $unit, $mode', async ({ name, unit, mode }) => {
    const wanted = golden(`jacobian_${name}`).floats(`singular_values/${mode}/${unit}`)
    expectClose(await unitValues({ ...asked(name, mode), unit }), wanted, 1e-3, unit)
  })

  it('names the units that there are where one is unknown', async () => {
    const ask = (): Promise<unknown> => unitValues({ ...asked('resnet', 'inference'), unit: 'stage9' })
    await expect(ask()).rejects.toThrow(/there is no unit "stage9"; it has stage1\.block1/)
  })
})

describe('the extremes by Lanczos', () => {
  it.each(cases)('hold the reference within their errors: $name, $unit, $mode', async ({ name, unit, mode }) => {
    const wanted = golden(`jacobian_${name}`).floats(`singular_values/${mode}/${unit}`)
    const pieces = [{ from: unit, to: unit }]
    const found = await jacobiansOf({ ...asked(name, mode), pieces, search: { exactUpTo: 0, probes: 8 } })
    const { largest, smallest, frobenius, method, isConverged, density } = found.pieces[0]!.spectrum
    expect({ method, isConverged }).toEqual({ method: 'lanczos', isConverged: true })
    const scale = wanted[0]!
    // The reference itself is good to 1e-6.
    expect(Math.abs(largest.value - scale)).toBeLessThan(largest.error + 1e-6 * scale)
    expect(Math.abs(smallest.value - wanted[wanted.length - 1]!)).toBeLessThan(smallest.error + 2e-5 * scale)
    expect(Math.abs(frobenius.value - norm(wanted))).toBeLessThan(2 * frobenius.error)
    expect(density!.share.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 6)
  })

  it('say that they do not know the smallest where the steps are too few', async () => {
    const ask = asked('resnet', 'inference')
    const pieces = [{ from: 'stage1.block1', to: 'stage2.block2' }]
    const [few, all] = await Promise.all(
      [10, 400].map((steps) => jacobiansOf({ ...ask, pieces, search: { exactUpTo: 0, steps, tolerance: 1e-5 } })),
    )
    const { smallest, isConverged } = few!.pieces[0]!.spectrum
    expect(isConverged).toBe(false)
    expect(smallest.error).toBe(smallest.value)
    expect(all!.pieces[0]!.spectrum.smallest.value).toBeLessThan(smallest.value)
  })

  it('estimate where all values lie', async () => {
    const ask = { ...asked('resnet', 'inference'), pieces: [{ from: 'stage1.block1', to: 'stage1.block2' }] }
    const whole = (await jacobiansOf(ask)).pieces[0]!.spectrum.singularValues!
    const { density } = (await jacobiansOf({ ...ask, search: { exactUpTo: 0, probes: 30 } })).pieces[0]!.spectrum
    // Half of them, and where the cumulated estimate says that half of them lie.
    const median = whole[Math.floor(whole.length / 2)]!
    let below = 0
    density!.share.forEach((share, bin) => (below += density!.edges[bin + 1]! <= median ? share : 0))
    expect(Math.abs(below - 0.5)).toBeLessThan(0.1)
  })
})

/** Initial weights, and images that are drawn. */
function pointOf(network: ExpandedNetwork, mode: (typeof modes)[number], count: number): NetworkPoint {
  const random = new Random(3)
  const kept = statisticLayout(network)
  const statistics = Float32Array.from({ length: kept.length }, () => 0.5 + Math.abs(random.normal()))
  const length = count * elements(network.layers[network.input]!.shape)
  const images = Float32Array.from({ length }, () => random.normal())
  const parameters = initialParameters(network, parameterLayout(network), 'he-fan-in', 4)
  return new NetworkPoint({ network, mode, images, count, parameters, statistics, threads: 1 }, network.logits)
}

const dot = (a: Float32Array, b: Float32Array): number => a.reduce((sum, x, i) => sum + x * b[i]!, 0)

describe('products with a Jacobian', () => {
  it.each(Array.from({ length: 12 }, (_, seed) => seed))('forward and back are transposes, network %i', (seed) => {
    const network = expand(randomNetwork(seed))
    for (const mode of modes) {
      const point = pointOf(network, mode, 3)
      const meter = new JacobianMeter(point)
      try {
        const map = meter.linearise(network.input, network.logits, 'all')
        const random = new Random(seed + 1)
        const [v, u] = [map.inputs, map.outputs].map((length) => Float32Array.from({ length }, () => random.normal()))
        const [there, back] = [map.product('direction', v!), map.product('cotangent', u!)]
        const scale = Math.max(norm(u!) * norm(there), norm(back) * norm(v!), 1e-6)
        expect(Math.abs(dot(u!, there) - dot(back, v!)) / scale).toBeLessThan(2e-5)
      } finally {
        meter.close()
        point.close()
      }
    }
  })

  it('are of the branch alone where it is asked for, and of x + F(x) without x', () => {
    const network = expand(networkFromPreset('preact-resnet:block=basic,blocks=2,widths=4/8,input=6x6x3,classes=3'))
    const point = pointOf(network, 'training', 2)
    const meter = new JacobianMeter(point)
    try {
      const unit = network.units.find(({ name }) => name === 'stage1.block2')!
      const branch = branchOf(network, unit)!
      expect(branch.hasIdentity).toBe(true)
      const random = new Random(8)
      const length = 2 * elements(network.layers[unit.input]!.shape)
      const v = Float32Array.from({ length }, () => random.normal())
      const whole = meter.linearise(unit.input, unit.output, 'block').product('direction', v)
      const alone = meter.linearise(unit.input, branch.end, 'branch').product('direction', v)
      expectClose(
        whole.map((value, i) => value - v[i]!),
        alone,
        1e-5,
        'F′',
      )
    } finally {
      meter.close()
      point.close()
    }
  })
})

describe('L2 pooling in a transition’s place', () => {
  /** Pooled over windows of two by two, then the channels as often as they are wanted; [side, side, channels], doubles. */
  function pooledBy(x: Float64Array, side: number, channels: number, times: number): Float64Array {
    const half = side / 2
    const y = new Float64Array(half * half * channels * times)
    for (let row = 0; row < half; row++)
      for (let column = 0; column < half; column++)
        for (let channel = 0; channel < channels; channel++) {
          const at = (dr: number, dc: number): number => x[((2 * row + dr) * side + 2 * column + dc) * channels + channel]!
          const norm = Math.hypot(at(0, 0), at(0, 1), at(1, 0), at(1, 1))
          for (let copy = 0; copy < times; copy++) y[(row * half + column) * channels * times + copy * channels + channel] = norm
        }
    return y
  }

  it.each([
    ['of a Procrustes ResNet, which doubles the channels', 'proc-resnet:blocks=1,planes=1/2,input=8x8x3,classes=3', 2],
    ['of a DenseNet, which keeps them', 'densenet-bc:blocks=1,growth=2,stages=2,input=8x8x3,classes=3', 1],
  ])('has the Jacobian that finite differences have: %s', (_, words, times) => {
    const network = expand(networkFromPreset(words))
    const point = pointOf(network, 'inference', 1)
    const meter = new JacobianMeter(point)
    try {
      const unit = network.units.find(({ kind }) => kind === 'transition')!
      const [side, , channels] = network.layers[unit.input]!.shape as [number, number, number]
      const x = Float64Array.from(point.values([unit.input])[0]!)
      const step = 1e-6
      const columns = Array.from(x, (_, i) => {
        const [above, below] = [step, -step].map((by) =>
          pooledBy(
            x.map((value, j) => value + (i === j ? by : 0)),
            side,
            channels,
            times,
          ),
        )
        return above!.map((value, j) => (value - below![j]!) / (2 * step))
      })
      const rows = columns[0]!.length
      const matrix = Float32Array.from({ length: rows * x.length }, (_, i) => columns[i % x.length]![Math.floor(i / x.length)]!)
      const wanted = matrixSpectrum(matrix, rows, x.length)
      const { network: grafted, end } = withL2Pooling(network, unit)!
      const options = { exactUpTo: 3000, tolerance: 1e-4, steps: 100, probes: 0, probeSteps: 1 }
      const found = meter.spectrum(unit.input, end, 'pooled', options, { network: grafted })
      expect([found.rows, found.columns]).toEqual([rows, x.length])
      expectClose(found.singularValues!, wanted, 1e-4, words)
      expect(found.largest.value).toBeCloseTo(Math.sqrt(times), 4)
      const lanczos = meter.spectrum(unit.input, end, 'pooled', { ...options, exactUpTo: 0 }, { network: grafted })
      expect(lanczos.largest.value).toBeCloseTo(Math.sqrt(times), 4)
    } finally {
      meter.close()
      point.close()
    }
  })

  it.each([
    ['a block or a stem', 'proc-resnet:blocks=1,planes=1/2', ['stem', 'block']],
    ['what is L2 pooling already', 'proc-resnet-v1:blocks=1,planes=1/2', ['transition']],
    ['windows that do not divide the grid', 'proc-resnet:blocks=1,planes=1/2,input=7x7x3', ['transition']],
  ])('is not there for %s', (_, words, kinds) => {
    const network = expand(networkFromPreset(words))
    const units = network.units.filter(({ kind }) => kinds.includes(kind))
    expect(units.length).toBeGreaterThan(0)
    for (const unit of units) expect(withL2Pooling(network, unit)).toBeNull()
  })
})

describe('from block to block', () => {
  it('partial norms are those of the chain’s Jacobian', async () => {
    const ask = asked('resnet', 'inference')
    const units = jacobians['resnet']!.units
    const { partial } = await jacobiansOf({ ...ask, partialProbes: 60 })
    expect(partial!.boundaries).toEqual(units)
    const chain = await jacobiansOf({ ...ask, pieces: [{ from: units[0]!, to: units[2]! }] })
    const { frobenius, rows } = chain.pieces[0]!.spectrum
    const error = partial!.deviation[2]! / Math.sqrt(60)
    expect(Math.abs(partial!.norms[2]! - frobenius.value ** 2 / rows)).toBeLessThan(4 * error)
  })

  it('singular vectors of a block lie as they do to its own', async () => {
    const { alignment } = await jacobiansOf({ ...asked('resnet', 'inference'), alignment: 3, withBranch: true })
    const [stage] = alignment
    expect(stage!.blocks).toEqual(['stage1.block1', 'stage1.block2'])
    for (const own of [0, 3]) {
      expect(stage!.left[own]).toBeCloseTo(1, 4)
      expect(stage!.right[own]).toBeCloseTo(1, 4)
      expect(stage!.through[own]).toBeCloseTo(1, 3)
    }
    for (const other of [...stage!.left, ...stage!.right, ...stage!.leftRight, ...stage!.through])
      expect(other).toBeLessThan(1 + 1e-4)
  })

  it('compiles one graph for blocks of one form', async () => {
    const network = networkFromPreset('preact-resnet:block=basic,blocks=4,widths=4/8,input=6x6x3,classes=3')
    const { pieces, graphs } = await jacobiansOf({
      ...{ network, mode: 'inference', ...fileOf('resnet') },
      weights: initialChoice(1),
      search: { exactUpTo: 0 },
    })
    expect(graphs).toBeLessThan(pieces.length)
  })
})
