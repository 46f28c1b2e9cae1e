import { describe, expect, it } from 'vitest'
import { NetworkSession } from '../../main/engine/network-session'
import { initialParameters } from '../../main/engine/training/initialise'
import { expand, networkFromPreset } from '../../shared/architecture'
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
})
