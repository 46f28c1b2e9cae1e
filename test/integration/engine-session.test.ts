import fc from 'fast-check'
import { afterEach, describe, expect, it } from 'vitest'
import { type Batch, NetworkSession, type NetworkSessionOptions } from '../../main/engine/network-session'
import { initialParameters } from '../../main/engine/training/initialise'
import { traceDivergence } from '../../main/engine/training/divergence'
import { expand, networkFromDocument, networkFromPreset } from '../../shared/architecture'
import { Random } from '../../shared/random'
import { relativeError } from '../golden/support/compare'

const BATCH = 8
const network = expand(networkFromPreset('resnet:blocks=1,widths=4/8', { input: [6, 6, 2], classes: 3 }))
const open: NetworkSession[] = []

function session(options: Partial<NetworkSessionOptions> = {}, of = network): NetworkSession {
  const opened = new NetworkSession(of, {
    batch: BATCH,
    optimiser: { momentum: 0.9, nesterov: false, weightDecay: 0 },
    threads: 2,
    ...options,
  })
  open.push(opened)
  opened.set('parameters', initialParameters(of, opened.graph.parameters, 'he-fan-in', 1))
  return opened
}
afterEach(() => open.splice(0).forEach((opened) => opened.close()))

function batch(seed: number, images = BATCH): Batch {
  const random = new Random(seed)
  return {
    images: Float32Array.from({ length: images * 6 * 6 * 2 }, () => 0.7 * random.normal() + 0.3),
    labels: Int32Array.from({ length: images }, () => random.integer(3)),
  }
}

describe('the optimiser', () => {
  it('is the textbook’s, with any momentum, decay and rate, plain and Nesterov', () => {
    const settings = fc.record({
      momentum: fc.constantFrom(0, 0.5, 0.9),
      nesterov: fc.boolean(),
      weightDecay: fc.constantFrom(0, 1e-4, 0.05),
      rates: fc.array(fc.double({ min: 0, max: 0.3, noNaN: true }), { minLength: 3, maxLength: 5 }),
    })
    fc.assert(
      fc.property(settings, ({ momentum, nesterov, weightDecay, rates }) => {
        const tried = session({ optimiser: { momentum, nesterov, weightDecay } })
        const w = Float64Array.from(tried.get('parameters'))
        const v = new Float64Array(w.length)
        rates.forEach((rate, step) => {
          const { gradients } = tried.differentiate(batch(step))
          tried.step(batch(step), rate)
          for (let i = 0; i < w.length; i++) {
            const d = gradients[i]! + weightDecay * w[i]!
            v[i] = momentum * v[i]! + d
            w[i] = w[i]! - rate * (nesterov ? d + momentum * v[i]! : v[i]!)
          }
          expect(relativeError(tried.get('parameters'), w)).toBeLessThan(2e-6)
          expect(relativeError(tried.get('momenta'), v)).toBeLessThan(2e-6)
        })
      }),
      { seed: 1, numRuns: 12 },
    )
  })

  it('measures before it updates, and changes nothing where it only measures', () => {
    const tried = session()
    const before = tried.get('parameters')
    const measured = tried.measure(batch(1))
    expect(tried.get('parameters')).toEqual(before)
    expect(tried.step(batch(1), 0.1)).toEqual(measured)
    expect(tried.get('parameters')).not.toEqual(before)
    expect(tried.measure(batch(1)).loss).toBeLessThan(measured.loss)
  })
})

describe('moving statistics', () => {
  it('come to those of the data, by the share that the layer keeps', () => {
    const tried = session()
    const data = batch(5)
    const slots = tried.graph.statistics.slots
    const first = tried.get('statistics')
    for (const { local, offset } of slots) expect(first[offset]).toBe(local === 'mean' ? 0 : 1)
    tried.step(data, 0)
    const one = tried.get('statistics')
    for (let step = 0; step < 150; step++) tried.step(data, 0)
    const settled = tried.get('statistics')
    // moving = 0.9·start + 0.1·batch after the first step.
    expect(relativeError(one, settled.map((value, i) => 0.9 * first[i]! + 0.1 * value))).toBeLessThan(1e-5) // prettier-ignore
    expect(settled.every(Number.isFinite)).toBe(true)
  })

  it('are the images’ own mean and unbiased variance, where the batch norm stands on them', () => {
    const plain = expand(
      networkFromDocument({
        format: 'normlab/network',
        version: 1,
        name: 'one batch norm',
        nodes: [
          { id: 'input', kind: 'input', attributes: { height: 6, width: 6, channels: 2 } },
          { id: 'bn', kind: 'batch-norm', attributes: { momentum: 0.5 } },
          { id: 'head', kind: 'dense', attributes: { units: 3 } },
          { id: 'loss', kind: 'softmax-cross-entropy' },
        ],
      }),
    )
    const tried = session({}, plain)
    const data = batch(9)
    for (let step = 0; step < 40; step++) tried.step(data, 0)
    const values = [0, 1].map((channel) => Array.from(data.images).filter((_, i) => i % 2 === channel))
    const mean = values.map((own) => own.reduce((a, b) => a + b, 0) / own.length)
    const variance = values.map((own, c) => own.reduce((sum, x) => sum + (x - mean[c]!) ** 2, 0) / (own.length - 1))
    expect(relativeError(tried.get('statistics'), [...mean, ...variance])).toBeLessThan(1e-5)
  })
})

describe('evaluation', () => {
  it('gives an image the same logits in any company, in a batch of any size', () => {
    const tried = session()
    for (let step = 0; step < 5; step++) tried.step(batch(step), 0.05)
    const { images } = batch(20, 10)
    const pixels = 6 * 6 * 2
    const all = tried.evaluate(images)
    expect(all).toHaveLength(30)
    for (const count of [1, 3, 7, 10])
      expect(relativeError(tried.evaluate(images.slice(0, count * pixels)), all.slice(0, count * 3))).toBeLessThan(1e-5)
  })

  it('changes neither parameters nor statistics', () => {
    const tried = session()
    const before = [tried.get('parameters'), tried.get('statistics')]
    tried.evaluate(batch(1).images)
    expect([tried.get('parameters'), tried.get('statistics')]).toEqual(before)
  })
})

describe('a step that is not finite', () => {
  it('updates nothing: parameters, momenta and statistics stay as they were, and finite', () => {
    const tried = session()
    expect(tried.step(batch(1), 1e30).finite).toBe(true)
    const before = [tried.get('parameters'), tried.get('momenta'), tried.get('statistics')]
    for (const vector of before) expect(vector.every(Number.isFinite)).toBe(true)
    expect(tried.step(batch(2), 0.1).finite).toBe(false)
    expect([tried.get('parameters'), tried.get('momenta'), tried.get('statistics')]).toEqual(before)
  })

  it.each([
    ['stem.conv.kernel', 'activation', 'stem.conv'],
    ['stage1.block1.conv2.kernel', 'activation', 'stage1.block1'],
    ['stage2.block1.bn2.gamma', 'activation', 'stage2.block1'],
    ['head.bias', 'activation', 'head'],
  ])('is traced to where it began: %s that is not a number', (name, what, unit) => {
    const tried = session()
    const parameters = tried.get('parameters')
    parameters[tried.graph.parameters.slots.find((slot) => slot.name === name)!.offset] = NaN
    tried.set('parameters', parameters)
    const found = traceDivergence(tried, batch(1), 7)
    expect(found.step).toBe(7)
    expect(found.what).toBe(what)
    // The stem of this network is no unit: its value is the first boundary, whose layer is named.
    if (name.startsWith('stem')) expect(found.unit.startsWith('stem')).toBe(true)
    else expect(found.unit).toBe(unit)
  })
})

describe('state', () => {
  it('is what was set, and not the caller’s memory', () => {
    const tried = session()
    const values = tried.get('parameters').map((value, i) => value + i)
    const kept = values.slice()
    tried.set('parameters', values)
    tried.step(batch(1), 0.1)
    expect(values).toEqual(kept)
    tried.set('parameters', values)
    expect(tried.get('parameters')).toEqual(kept)
  })

  it('carries a run on: parameters, momenta and statistics in another session give the same next step, to the bit', () => {
    const one = session()
    for (let step = 0; step < 3; step++) one.step(batch(step), 0.05)
    const other = session()
    for (const vector of ['parameters', 'momenta', 'statistics'] as const) other.set(vector, one.get(vector))
    expect(other.step(batch(9), 0.05)).toEqual(one.step(batch(9), 0.05))
    expect(other.get('parameters')).toEqual(one.get('parameters'))
  })
})
