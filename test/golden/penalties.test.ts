import { describe, expect, it } from 'vitest'
import { NetworkSession } from '../../main/engine/network-session'
import { type ConvolutionOperator, denseMatrix } from '../../main/engine/spectra/operator'
import { initialParameters } from '../../main/engine/training/initialise'
import { expand, networkFromDocument, networkFromPreset } from '../../shared/architecture'
import { penalties, PENALTY_NAMES } from '../../shared/penalties'
import { Random } from '../../shared/random'
import { expectClose } from './support/compare'
import { evaluate } from './support/expression'
import { golden } from './support/reference'

/** Strides of make_penalties.py's kernels. */
const strides = { tall: 1, wide: 1, strided: 2, five: 2, pointwise: 2, even: 1, dense: 1 }

describe('a penalty on kernels that are not orthogonal', () => {
  const file = golden('torch/penalties')

  it.each(PENALTY_NAMES)('has the gradient of its definition in PyTorch: %s', (form) => {
    for (const [name, stride] of Object.entries(strides)) {
      const [shape, values] = [file.shape(`${name}.values`), file.floats(`${name}.values`)]
      const feeds = { kernel: { shape, values } }
      const [found] = evaluate((g) => [penalties[form].gradient(g, g.placeholder('kernel', shape), stride)], feeds)
      expectClose(found!, file.floats(`${name}.${form}`), 1e-5, `${form} ${name}`)
    }
  })

  it.each(PENALTY_NAMES)('is added to the gradient of the layers that are meant, times its strength: %s', (form) => {
    const network = expand(networkFromPreset('resnet:blocks=1,widths=4/6,input=8x8x3,classes=3'))
    const random = new Random(4)
    const images = Float32Array.from({ length: 2 * 8 * 8 * 3 }, () => random.normal())
    const batch = { images, labels: Int32Array.of(0, 1) }
    const sgd = { momentum: 0, nesterov: false, weightDecay: 0 }
    const stepped = (strength: number): { before: Float32Array; after: Float32Array } => {
      const session = new NetworkSession(network, {
        ...{ batch: 2, threads: 1 },
        optimiser: { ...sgd, orthogonality: { form, strength, layers: ['stage2.*'] } },
      })
      try {
        const before = initialParameters(network, session.graph.parameters, 'he-fan-in', 1)
        session.set('parameters', before)
        session.step(batch, 1)
        return { before, after: Float32Array.from(session.get('parameters')) }
      } finally {
        session.close()
      }
    }
    const [{ before, after: free }, { after }] = [stepped(0), stepped(0.5)]
    const session = new NetworkSession(network, { batch: 2, threads: 1 })
    const { slots } = session.graph.parameters
    session.close()
    let penalised = 0
    for (const { name, role, shape, layer, offset, length } of slots) {
      const moved = after.slice(offset, offset + length).map((value, i) => free[offset + i]! - value)
      if (role !== 'kernel' || !name.startsWith('stage2.')) {
        expect(
          moved.every((value) => value === 0),
          name,
        ).toBe(true)
        continue
      }
      penalised++
      const stride = Number(network.layers[layer]!.attributes['stride'])
      const feeds = { kernel: { shape, values: before.slice(offset, offset + length) } }
      const [wanted] = evaluate((g) => [g.scale(penalties[form].gradient(g, g.placeholder('kernel', shape), stride), 0.5)], feeds)
      expectClose(moved, wanted!, 1e-4, name)
    }
    expect(penalised).toBe(3)
  })

  it.each([
    { stride: 1, dilation: 2, side: 12 },
    { stride: 2, dilation: 2, side: 12 },
    { stride: 2, dilation: 3, side: 14 },
    { stride: 4, dilation: 2, side: 16 },
  ])('asks for orthogonal rows of the convolution’s matrix: stride $stride, dilation $dilation', ({ stride, dilation, side }) => {
    const [channels, filters] = [2, 3]
    const conv = { filters, stride, dilation, padding: 'symmetric' }
    const network = expand(
      networkFromDocument({
        ...{ format: 'normlab/network', version: 1, name: 'dilated' },
        nodes: [
          { id: 'image', kind: 'input', attributes: { height: side, width: side, channels } },
          { id: 'conv', kind: 'conv2d', attributes: conv },
          { id: 'pool', kind: 'global-average-pool' },
          { id: 'head', kind: 'dense', attributes: { units: 2 } },
          { id: 'loss', kind: 'softmax-cross-entropy' },
        ],
      }),
    )
    // Without an image nothing else moves the kernel.
    const batch = { images: new Float32Array(side * side * channels), labels: Int32Array.of(0) }
    const orthogonality = { form: 'operator' as const, strength: 1, layers: ['conv'] }
    const session = new NetworkSession(network, {
      ...{ batch: 1, threads: 1 },
      optimiser: { momentum: 0, nesterov: false, weightDecay: 0, orthogonality },
    })
    try {
      const before = initialParameters(network, session.graph.parameters, 'he-fan-in', 1)
      session.set('parameters', before)
      session.step(batch, 1)
      const after = session.get('parameters')
      const { offset, length } = session.graph.parameters.slots.find(({ name }) => name === 'conv.kernel')!
      const kernel = before.slice(offset, offset + length)
      const moved = kernel.map((value, i) => value - after[offset + i]!)
      const operator: Omit<ConvolutionOperator, 'values'> = {
        ...{ shape: [3, 3, channels, filters], size: side, padding: 'circular' },
        ...{ stride, dilation, groups: 1 },
      }
      expectClose(moved, ofRows(operator, kernel), 1e-5, `stride ${stride}, dilation ${dilation}`)
    } finally {
      session.close()
    }
  })
})

/** The gradient of ‖AAᵀ − I‖² by the kernel, A the explicit matrix of what wraps around, of one output place: 4(AAᵀ − I)A, summed over where a number of the kernel stands. */
function ofRows(operator: Omit<ConvolutionOperator, 'values'>, kernel: Float32Array): Float32Array {
  const { rows, columns, values } = denseMatrix({ ...operator, values: kernel }, 0, 'A')
  const places = denseMatrix({ ...operator, values: kernel.map((_, i) => i + 1) }, 0, 'places').values
  // It is given with outputs across.
  const off = Array.from({ length: columns }, (_, a) =>
    Float64Array.from({ length: columns }, (_, b) => {
      let sum = a === b ? -1 : 0
      for (let row = 0; row < rows; row++) sum += values[row * columns + a]! * values[row * columns + b]!
      return sum
    }),
  )
  const found = new Float64Array(kernel.length)
  for (const [at, place] of places.entries()) {
    if (place === 0) continue
    const row = Math.floor(at / columns) * columns
    found[place - 1]! += off[at % columns]!.reduce((sum, value, b) => sum + 4 * value * values[row + b]!, 0)
  }
  const outputs = columns / operator.shape[3]
  return Float32Array.from(found, (sum) => sum / outputs)
}
