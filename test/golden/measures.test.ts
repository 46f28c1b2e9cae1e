import { describe, expect, it } from 'vitest'
import { NetworkSession } from '../../main/engine/network-session'
import { initialParameters } from '../../main/engine/training/initialise'
import { boundaries, expand, networkFromPreset } from '../../shared/architecture'
import { Random } from '../../shared/random'
import { expectClose, norm } from './support/compare'

const BATCH = 4
const network = expand(networkFromPreset('proc-resnet-v1:blocks=1,planes=2/4,input=8x8x3'))
const random = new Random(3)
const batch = {
  images: Float32Array.from({ length: BATCH * 8 * 8 * 3 }, () => random.normal()),
  labels: Int32Array.from({ length: BATCH }, () => random.integer(10)),
}

function open(measures?: object): NetworkSession {
  const optimiser = { momentum: 0.9, nesterov: false, weightDecay: 1e-3 }
  const session = new NetworkSession(network, { batch: BATCH, optimiser, threads: 1, ...(measures && { measures }) })
  session.set('parameters', initialParameters(network, session.graph.parameters, 'he-fan-in', 1))
  return session
}

/** Norm of each unit's own parameters in a vector. */
function unitNorms(session: NetworkSession, vector: Float32Array): number[] {
  return network.units.map(({ layers }) => {
    const slots = session.graph.parameters.slots.filter(({ layer }) => layers.includes(layer))
    return norm(slots.flatMap(({ offset, length }) => [...vector.subarray(offset, offset + length)]))
  })
}

describe('what a step measures beside the gradient', () => {
  it('are the norms of the values at the boundaries', () => {
    const session = open({ activations: true })
    const wanted = session.activations(batch)
    const { activations, norms } = session.step(batch, 0.05)
    expect(activations).toHaveLength(boundaries(network).length)
    expectClose(activations!, wanted.subarray(0, activations!.length), 1e-6, 'activations')
    expect(norms).toHaveLength(activations!.length)
    session.close()
  })

  it('are the norms of the weights and what the update adds to them, unit by unit', () => {
    const session = open({ weights: true, activations: true })
    for (let step = 1; step <= 3; step++) {
      const before = session.get('parameters')
      const { weights, updates, finite } = session.step(batch, 0.05, step)
      const after = session.get('parameters')
      expect(finite).toBe(true)
      const wanted = unitNorms(session, before)
      expectClose(weights!, wanted, 1e-5, 'weights')
      const moved = unitNorms(session, after.map((value, i) => value - before[i]!)) // prettier-ignore
      // A transition of the first version has nothing to learn: 0/0.
      const shares = moved.map((change, unit) => change / wanted[unit]!)
      shares.forEach((share, unit) => {
        if (Number.isNaN(share)) expect(updates![unit]).toBeNaN()
        else expect(Math.abs(updates![unit]! / share - 1)).toBeLessThan(1e-3)
      })
      expect(shares.filter(Number.isNaN)).toHaveLength(1)
    }
    session.close()
  })

  it('are none where the network has no units', () => {
    const bare = { ...network, units: [] }
    const optimiser = { momentum: 0, nesterov: false, weightDecay: 0 }
    const measures = { weights: true, activations: true }
    const session = new NetworkSession(bare, { batch: BATCH, optimiser, threads: 1, measures })
    session.set('parameters', initialParameters(bare, session.graph.parameters, 'he-fan-in', 1))
    const { weights, updates, loss } = session.step(batch, 0.05)
    expect(loss).toBeGreaterThan(0)
    expect([weights, updates]).toEqual([new Float32Array(0), new Float32Array(0)])
    session.close()
  })

  it('changes nothing of the training, and a plain step does the same with less to say', () => {
    const [usual, all, plain] = [open(), open({ activations: true, weights: true }), open()]
    for (let step = 1; step <= 3; step++) {
      const wanted = usual.step(batch, 0.05, step)
      const { activations: _, weights: __, updates: ___, ...same } = all.step(batch, 0.05, step)
      expect(same).toEqual(wanted)
      expect(plain.step(batch, 0.05, step, false)).toEqual({ ...wanted, norms: new Float32Array(0) })
    }
    expect(all.get('parameters')).toEqual(usual.get('parameters'))
    expect(plain.get('parameters')).toEqual(usual.get('parameters'))
    for (const session of [usual, all, plain]) session.close()
  })

  it('leaves everything as it was where a step is not finite', () => {
    const session = open({ weights: true })
    const before = session.get('parameters')
    const broken = { ...batch, images: batch.images.map((value, i) => (i === 5 ? Infinity : value)) }
    for (const isMeasured of [true, false]) {
      const { finite, updates } = session.step(broken, 0.05, 1, isMeasured)
      expect(finite).toBe(false)
      expect(updates).toBeUndefined()
      expect(session.get('parameters')).toEqual(before)
    }
    session.close()
  })
})
