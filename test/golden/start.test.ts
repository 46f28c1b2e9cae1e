import { readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { parameterLayout } from '../../main/engine/graph/layout'
import { NetworkSession } from '../../main/engine/network-session'
import { matrixSpectrum } from '../../main/engine/spectra/spectrum'
import { initialParameters } from '../../main/engine/training/initialise'
import { firstBatch } from '../../main/engine/training/first-batch'
import { setUnitVariance } from '../../main/engine/training/unit-variance'
import { networkSpectra } from '../../main/engine/tasks/spectra'
import { weightsAt } from '../../main/engine/tasks/linearisation-point'
import { shapes10 } from '../../main/datasets/shapes10'
import { expand, networkFromPreset } from '../../shared/architecture'
import { ratios } from '../../shared/norms/ratio'
import { Random } from '../../shared/random'
import { expectClose } from './support/compare'
import { initialChoice } from './support/initial-choice'
import { golden } from './support/reference'

const reference = JSON.parse(readFileSync(path.join(__dirname, 'reference/torch/start.json'), 'utf8')) as {
  readonly lsuv: Readonly<Record<string, number>>
  /** Ratios of blocks, the first of which is entered by values of this mean square. */
  readonly critical: { readonly square: number; readonly theory: readonly number[]; readonly drawn: readonly number[] }
}

describe('layer-sequential unit variance', () => {
  const file = golden('network_plain')
  const batch = { images: file.floats('images'), labels: file.integers('labels') }

  it('divides each kernel as its authors’ loop does, layer by layer', () => {
    const network = expand(networkFromPreset('plain:norm=none,activation=tanh,blocks=2,widths=8/16,input=16x16x3'))
    const layout = parameterLayout(network)
    const before = Float32Array.from(
      layout.slots.flatMap(({ name, role, length }) =>
        role === 'kernel' ? [...file.floats(`param/${name}`)] : new Array<number>(length).fill(0),
      ),
    )
    const after = before.slice()
    setUnitVariance(network, layout, after, batch, 2)
    const again = before.slice()
    setUnitVariance(network, layout, again, batch, 2)
    expect(again).toEqual(after)
    for (const { name, role, offset } of layout.slots)
      if (role === 'kernel')
        expectClose([after[offset]! / before[offset]!], [reference.lsuv[name.replace(/\.kernel$/, '')]!], 1e-4, name)
      else expect(after[offset]).toBe(0)
  })

  it('leaves kernels of zeros, scales a standardised convolution by its gains, and makes the NF form’s layers leave variance 1', () => {
    const network = expand(networkFromPreset('normfree-resnet:form=nf,blocks=1,widths=8/16,input=16x16x3'))
    const layout = parameterLayout(network)
    const values = initialParameters(network, layout, 'he-fan-in', 1)
    const zeroed = layout.slots.find(({ name }) => name === 'head.kernel')!
    values.fill(0, zeroed.offset, zeroed.offset + zeroed.length)
    const before = values.slice()
    setUnitVariance(network, layout, values, batch, 2)
    const changed = layout.slots.filter(({ offset }) => values[offset] !== before[offset])
    expect(changed.length).toBeGreaterThan(3)
    expect(changed.filter(({ name, role }) => role === 'kernel' && !name.startsWith('stem'))).toEqual([])
    const settled = values.slice()
    setUnitVariance(network, layout, settled, batch, 2)
    expectClose(settled, values, 1e-4, 'scaled twice')
  })
})

describe('initial values that are asked for', () => {
  const document = networkFromPreset('resnet:blocks=1,widths=4/8')
  const network = expand(document)
  const layout = parameterLayout(network)
  const settings = { init: 'orthogonal', biasDeviation: 0.05, zeroGamma: true, lsuv: true, batch: 16 } as const

  it('are those that a run would begin with: biases, zero-gamma and unit variance on the first batch', async () => {
    const wanted = initialParameters(network, layout, settings.init, 3, settings)
    const train = shapes10.openSplit('train')
    setUnitVariance(network, layout, wanted, firstBatch(train, train.statistics!, settings.batch, 3), 2)
    expect(wanted).not.toEqual(initialParameters(network, layout, settings.init, 3, settings))
    const weights = initialChoice(3, settings)
    const { parameters } = await weightsAt(network, { weights, mode: 'training' } as never)
    expectClose(parameters, wanted, 1e-6, 'of a Jacobian')

    const kernel = layout.slots.find(({ name }) => name === 'head.kernel')!
    const { layers } = await networkSpectra(
      {
        ...{ network: document, weights, layers: ['head'], padding: 'circular', delta: 0.1, withValues: true },
        ...{ withBound: false, cacheFolder: null, threads: 1 },
      },
      () => undefined,
    )
    const own = wanted.slice(kernel.offset, kernel.offset + kernel.length)
    expectClose(
      layers[0]!.values!,
      matrixSpectrum(own, ...(kernel.shape as [number, number]))
        .sort()
        .reverse(),
      1e-5,
      'head',
    )
  })
})

describe('a delta-orthogonal tanh network without norms', () => {
  it('starts with the ratios of drawn orthogonal matrices and of mean-field theory, the nearer to 1 the deeper', () => {
    const { theory, drawn } = reference.critical
    for (const [block, ratio] of drawn.entries()) expect(Math.abs(ratio - theory[block]!)).toBeLessThan(0.01)
    const network = expand(networkFromPreset('plain:norm=none,activation=tanh,blocks=60,widths=32,input=6x6x3'))
    const session = new NetworkSession(network, { batch: 8, threads: 2 })
    try {
      session.set('parameters', initialParameters(network, session.graph.parameters, 'delta-orthogonal', 1))
      const random = new Random(2)
      const images = Float32Array.from({ length: 8 * 36 * 3 }, () => random.normal())
      const found = ratios(session.measure({ images, labels: Int32Array.from({ length: 8 }, (_, i) => i) }).norms)
      // Its images come with a mean square of their own: somewhere on the theory's way.
      const begin = theory.findIndex((ratio) => ratio >= found[0]!)
      expect(begin).toBeGreaterThanOrEqual(0)
      for (const [block, ratio] of found.entries()) expect(Math.abs(ratio - theory[begin + block]!)).toBeLessThan(0.03)
      expect(found[59]!).toBeGreaterThan(0.985)
    } finally {
      session.close()
    }
  })
})
