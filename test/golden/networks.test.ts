import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { NetworkSession } from '../../main/engine/network-session'
import { parameterNames } from '../../shared/architecture'
import { ratios } from '../../shared/norms/ratio'
import { expectClose } from './support/compare'
import { cases, golden, goldenVector, referenceNetwork } from './support/reference'

describe.each(Object.entries(cases.networks))('%s', (name, { boundaries, parameters, batch }) => {
  const file = golden(`network_${name}`)
  const network = referenceNetwork(name)
  let session: NetworkSession
  let pass: ReturnType<NetworkSession['differentiate']>

  beforeAll(() => {
    session = new NetworkSession(network, { batch, threads: 2 })
    session.set('parameters', goldenVector(file, session.graph.parameters.slots, 'param/'))
    pass = session.differentiate({ images: file.floats('images'), labels: file.integers('labels') })
  })
  afterAll(() => session.close())

  it('names its parameters and boundaries as the reference does', () => {
    expect(parameterNames(network).map((parameter) => parameter.name)).toEqual(parameters)
    expect([...network.units.map((unit) => unit.name), 'end']).toEqual(boundaries)
  })

  it('gives the logits and the loss', () => {
    expectClose(pass.logits, file.floats('logits'), 1e-4, `${name} logits`)
    expectClose([pass.measures.loss], file.floats('loss'), 1e-4, `${name} loss`)
  })

  it.each(parameters)('gives the gradient of %s', (parameter) => {
    const slot = session.graph.parameters.slots.find((candidate) => candidate.name === parameter)!
    expect(slot.shape).toEqual(file.shape(`grad/${parameter}`))
    const gradient = pass.gradients.subarray(slot.offset, slot.offset + slot.length)
    expectClose(gradient, file.floats(`grad/${parameter}`), 1e-4, `${name} grad/${parameter}`)
  })

  it('gives the gradient’s norm at every boundary, and the ratios', () => {
    expectClose(pass.measures.norms, file.floats('boundary_norms'), 1e-4, `${name} boundary norms`)
    expectClose(ratios(pass.measures.norms), file.floats('ratios'), 1e-3, `${name} ratios`)
  })

  it('measures the same whether or not it is asked for the gradients', () => {
    const measures = session.measure({ images: file.floats('images'), labels: file.integers('labels') })
    expectClose(measures.norms, pass.measures.norms, 1e-6, `${name} norms again`)
    expectClose([measures.gradientNorm], [Math.hypot(...pass.gradients)], 1e-5, `${name} norm of the whole gradient`)
  })
})
