import { describe, expect, it } from 'vitest'
import type { TensorGraph } from '../../main/engine/graph/tensor-graph'
import { computeOnce } from '../../main/engine/spectra/compute-once'
import { convolutionSpectrum, matrixSpectrum } from '../../main/engine/spectra/spectrum'
import { networkSpectra } from '../../main/engine/tasks/spectra'
import { NetworkSession } from '../../main/engine/network-session'
import { withActingKernels } from '../../main/engine/spectra/acting-kernels'
import { initialParameters } from '../../main/engine/training/initialise'
import { expand, type NetworkDocument, networkFromPreset } from '../../shared/architecture'
import { spectralLayers } from '../../shared/architecture/repairs'
import { ratios } from '../../shared/norms/ratio'
import { ops } from '../../shared/ops'
import { elements } from '../../shared/ops/op'
import type { Tensor } from '../../shared/ops/graph'
import { Random } from '../../shared/random'
import { initialChoice } from './support/initial-choice'
import { expectClose } from './support/compare'
import { evaluate } from './support/expression'
import { golden } from './support/reference'

/** As make_orthogonal.py has them: channels, filters, size, stride, height, width. */
const cases: Readonly<Record<string, readonly [number, number, number, number, number, number]>> = {
  square: [4, 4, 3, 1, 6, 5],
  widening: [3, 8, 3, 1, 5, 5],
  narrowing: [6, 4, 5, 1, 6, 7],
  strided: [4, 8, 3, 2, 6, 4],
  lifting: [2, 12, 4, 2, 6, 8],
  odd: [2, 9, 3, 2, 4, 6],
  pointwise: [5, 7, 1, 1, 3, 4],
}
const named = Object.entries(cases).map(([name, [channels, filters, size, stride, height, width]]) => ({
  ...{ name, sides: [height, width, channels] as const },
  attributes: op().attributes.parse({ filters, size, stride }),
}))

function op() {
  return ops.get('orthogonal-conv2d')!
}

const context = { statistics: {}, labelSmoothing: 0, index: 0, training: true }
const noLabels = (g: TensorGraph) => ({ labels: g.constant([0], [1], 'int32'), key: g.constant([0, 0], [2], 'int32') })

describe('an orthogonal convolution', () => {
  const file = golden('torch/orthogonal')

  it.each(named)('has PyTorch’s kernel, output and gradients: $name', ({ name, sides, attributes: { ...attributes } }) => {
    attributes['bias'] = true
    const specs = op().parameters!([sides], attributes)
    const read = (key: string) => ({ shape: file.shape(`${name}.${key}`), values: file.floats(`${name}.${key}`) })
    const keys = ['input0', 'dy', ...specs.map((spec) => spec.name)]
    const feeds = Object.fromEntries(keys.map((key) => [key, read(key)]))
    const found = evaluate((g) => {
      const given = Object.fromEntries(keys.map((key) => [key, g.placeholder(key, feeds[key]!.shape)]))
      const { input0, dy, ...parameters } = given as Record<string, Tensor> & { input0: Tensor; dy: Tensor }
      const shared = { ...context, attributes, inputs: [input0], parameters }
      const { output, saved = [] } = op().forward(g, { ...shared, ...noLabels(g) })
      const gradient = op().gradient(g, { ...shared, output, saved, dy, wanted: [true] })
      const kernel = op().actingKernel!.make(g, parameters, [sides], attributes)
      return [kernel, output, gradient.inputs[0]!, ...specs.map((spec) => gradient.parameters![spec.name]!)]
    }, feeds)
    const wanted = ['acting', 'output', 'grad.input0', ...specs.map((spec) => `grad.${spec.name}`)]
    wanted.forEach((key, i) => expectClose(found[i]!, file.floats(`${name}.${key}`), 1e-5, `${name} ${key}`))
  })

  it.each(named)('has no singular value that is not 1, small parameters or large: $name', ({ name, sides, attributes }) => {
    const specs = op().parameters!([sides], attributes)
    const [entering, leaving] = [elements(sides), elements(op().shape([sides], attributes))]
    const basis = Float32Array.from({ length: entering ** 2 }, (_, i) => (i % (entering + 1) === 0 ? 1 : 0))
    const random = new Random(3)
    for (const spread of [0.01, 1, 30]) {
      const parameters = specs.map((spec) => ({ ...spec, values: Float32Array.from({ length: elements(spec.shape) }, () => spread * random.normal()) })) // prettier-ignore
      const [matrix] = computeOnce([entering, ...sides], basis, (g, images) => {
        const own = Object.fromEntries(
          parameters.map(({ name: local, shape, values }) => [local, g.constant([...values], shape)]),
        )
        return [op().forward(g, { ...context, attributes, inputs: [images], parameters: own, ...noLabels(g) }).output]
      })
      const values = matrixSpectrum(matrix!, entering, leaving)
      expect(values).toHaveLength(Math.min(entering, leaving))
      for (const value of values) expect(Math.abs(value - 1), `${name}, ${spread}`).toBeLessThan(1e-5)
    }
  })
})

/** As make_orthogonal.py has them: channels, filters, size, height, width. */
const skewCases: Readonly<Record<string, readonly [number, number, number, number, number]>> = {
  skew: [4, 4, 3, 5, 4],
  'skew-widening': [2, 5, 3, 3, 4],
  'skew-narrowing': [5, 3, 5, 4, 3],
}

describe('a skew orthogonal convolution', () => {
  const file = golden('torch/orthogonal')
  const skew = ops.get('skew-conv2d')!

  it.each(Object.entries(skewCases))(
    'has the exponential of PyTorch’s matrix, its gradients, and singular values of 1: %s',
    (name, [channels, filters, size, height, width]) => {
      const attributes = skew.attributes.parse({ filters, size, bias: true })
      const keys = ['input0', 'dy', 'kernel', 'bias']
      const feeds = Object.fromEntries(keys.map((key) => [key, { shape: file.shape(`${name}.${key}`), values: file.floats(`${name}.${key}`) }])) // prettier-ignore
      const found = evaluate((g) => {
        const [input0, dy, kernel, bias] = keys.map((key) => g.placeholder(key, feeds[key]!.shape)) as [Tensor, Tensor, Tensor, Tensor] // prettier-ignore
        const shared = { ...context, attributes, inputs: [input0], parameters: { kernel, bias } }
        const { output, saved = [] } = skew.forward(g, { ...shared, ...noLabels(g) })
        const gradient = skew.gradient(g, { ...shared, output, saved, dy, wanted: [true] })
        return [output, gradient.inputs[0]!, gradient.parameters!['kernel']!, gradient.parameters!['bias']!]
      }, feeds)
      const wanted = ['output', 'grad.input0', 'grad.kernel', 'grad.bias']
      wanted.forEach((key, i) => expectClose(found[i]!, file.floats(`${name}.${key}`), 1e-5, `${name} ${key}`))

      const [entering, leaving] = [height * width * channels, height * width * filters]
      const basis = Float32Array.from({ length: entering ** 2 }, (_, i) => (i % (entering + 1) === 0 ? 1 : 0))
      const { shape, values } = feeds['kernel']!
      const [matrix] = computeOnce([entering, height, width, channels], basis, (g, images) => {
        const parameters = { kernel: g.constant([...values], shape) }
        return [skew.forward(g, { ...context, attributes, inputs: [images], parameters, ...noLabels(g) }).output]
      })
      for (const value of matrixSpectrum(matrix!, entering, leaving)) expect(Math.abs(value - 1), name).toBeLessThan(1e-5)
    },
  )

  it.each([8, 2])('acts around the edges by a kernel that has the spectrum of its dense matrix there: %i terms', (terms) => {
    const [side, channels, filters] = [5, 3, 4]
    const attributes = skew.attributes.parse({ filters, terms })
    const { shape: own } = skew.parameters!([[side, side, channels]], attributes)[0]!
    const random = new Random(5)
    const learned = Array.from({ length: elements(own) }, () => random.normal())
    const entering = side * side * channels
    const basis = Float32Array.from({ length: entering ** 2 }, (_, i) => (i % (entering + 1) === 0 ? 1 : 0))
    // Images that repeat themselves as far as the series reaches, of which the middle is as it is around the edges.
    const copies = 2 * Math.ceil(terms / side) + 1
    const shapes = [[side, side, channels]]
    const [matrix, kernel] = computeOnce([entering, side, side, channels], basis, (g, images) => {
      const parameters = { kernel: g.constant(learned, own) }
      const tiled = [1, 2].reduce((x, axis) => g.joinAlong(new Array<Tensor>(copies).fill(x), axis), images)
      const { output } = skew.forward(g, { ...context, attributes, inputs: [tiled], parameters, ...noLabels(g) })
      const first = ((copies - 1) / 2) * side
      return [
        [1, 2].reduce((y, axis) => g.sliceAlong(y, axis, first, side), output),
        skew.actingKernel!.make(g, parameters, shapes, attributes),
      ]
    })
    const shape = skew.actingKernel!.shape(shapes, attributes)
    expect(shape).toEqual([2 * terms + 1, 2 * terms + 1, channels, filters])
    const layer = { shape, values: kernel!, size: side, padding: 'circular', stride: 1, groups: 1 } as const
    const found = convolutionSpectrum(layer, 'skew')
    const wanted = matrixSpectrum(matrix!, entering, side * side * filters)
    expectClose('singularValues' in found ? found.singularValues : [], wanted, 1e-5, `${terms} terms`)
    const farthest = Math.max(...wanted.map((value) => Math.abs(value - 1)))
    if (terms === 8) expect(farthest).toBeLessThan(1e-5)
    else expect(farthest).toBeGreaterThan(1e-3)
  })
})

describe('a network whose transitions are orthogonal', () => {
  it('hands the gradient’s norm back through them as it is, at its start and after each step', () => {
    const network = expand(networkFromPreset('proc-resnet:blocks=1,planes=2/4,input=8x8x3,classes=3,transitions=orthogonal'))
    const optimiser = { momentum: 0.9, nesterov: false, weightDecay: 1e-4 }
    const session = new NetworkSession(network, { batch: 4, threads: 1, optimiser })
    try {
      session.set('parameters', initialParameters(network, session.graph.parameters, 'he-fan-in', 1))
      const random = new Random(2)
      for (let step = 1; step <= 4; step++) {
        const images = Float32Array.from({ length: 4 * 8 * 8 * 3 }, () => random.normal())
        const { norms } = session.step({ images, labels: Int32Array.of(0, 1, 2, 0) }, 0.1)
        const at = network.units.findIndex(({ kind }) => kind === 'transition')
        expect(ratios(norms)[at]!, `step ${step}`).toBeCloseTo(1, 5)
      }
    } finally {
      session.close()
    }
  })
})

describe('the spectra of a network', () => {
  const layer = (id: string, kind: string, attributes = {}) => ({ id, kind, attributes })
  const network: NetworkDocument = {
    ...{ format: 'normlab/network', version: 1, name: 'made kernels' },
    nodes: [
      layer('input', 'input', { height: 8, width: 8, channels: 3 }),
      layer('wide', 'orthogonal-conv2d', { filters: 8 }),
      layer('down', 'orthogonal-conv2d', { filters: 16, stride: 2 }),
      layer('series', 'skew-conv2d', { filters: 16 }),
      layer('standard', 'ws-conv2d', { filters: 6 }),
      layer('pool', 'global-average-pool'),
      layer('head', 'dense', { units: 3 }),
      layer('loss', 'softmax-cross-entropy'),
    ],
  }

  it.each(['circular', 'own'] as const)('are those of the kernels by which layers act (%s)', async (padding) => {
    const { layers } = await networkSpectra(
      {
        ...{ network, weights: initialChoice(1), layers: undefined, padding, delta: 0.1, withValues: true },
        ...{ withBound: false, cacheFolder: null, threads: 1 },
      },
      () => undefined,
    )
    const of = (name: string) => layers.find((one) => one.name === name)!
    expect(of('wide').kernel).toEqual([3, 3, 3, 8])
    expect(of('down').kernel).toEqual([3, 3, 8, 16])
    expect(of('series').kernel).toEqual([17, 17, 16, 16])
    for (const name of ['wide', 'down', 'series']) {
      expect([of(name).acts, of(name).padding]).toEqual(['circular', 'circular'])
      expect(of(name).edgeShare).toBeNull()
      for (const value of of(name).values!) expect(Math.abs(value - 1)).toBeLessThan(1e-5)
    }
    // Filters of norm 1: the squares of its values sum to their number at every frequency, or less what the zeros around cut off.
    const { values, times, acts } = of('standard')
    const perFilter = (values!.reduce((sum, value) => sum + value ** 2, 0) * times) / (16 * 6)
    expect(acts).toBe(padding === 'circular' ? 'circular' : 'padded')
    if (padding === 'circular') expect(perFilter).toBeCloseTo(1, 3)
    else expect(perFilter).toBeLessThan(0.99)
  })

  it('are of the same kernels while a run trains', () => {
    const expanded = expand(network)
    const session = new NetworkSession(expanded, { batch: 2, threads: 1, snapshot: spectralLayers(expanded, 'all') })
    try {
      const { parameters } = session.graph
      const values = initialParameters(expanded, parameters, 'he-fan-in', 1)
      session.set('parameters', values)
      const read = withActingKernels(expanded, (name) => {
        const { offset, length } = parameters.slots.find((slot) => slot.name === name)!
        return values.slice(offset, offset + length)
      })
      const wanted = ['wide', 'down', 'series', 'standard', 'head'].flatMap((name) => [...read(`${name}.kernel`)])
      expectClose(session.snapshot(), wanted, 1e-6, 'snapshot')
    } finally {
      session.close()
    }
  })
})
