import { describe, expect, it } from 'vitest'
import { NetworkSession, type NetworkSessionOptions } from '../../main/engine/network-session'
import { initialParameters } from '../../main/engine/training/initialise'
import { expand, networkFromDocument, networkFromPreset } from '../../shared/architecture'
import type { ExpandedNetwork } from '../../shared/architecture'
import { Random } from '../../shared/random'
import { expectClose, norm } from './support/compare'
import { plainStack, plainStackReference } from './support/plain-stack'

const BATCH = 2
const optimiser = { momentum: 0, nesterov: false, weightDecay: 0 }
const whole = { norms: true, activations: true, weights: true }

function batchOf(network: ExpandedNetwork): { images: Float32Array; labels: Int32Array } {
  const random = new Random(5)
  const pixels = network.layers[network.input]!.shape.reduce((product, side) => product * side)
  const images = Float32Array.from({ length: BATCH * pixels }, () => random.normal())
  return { images, labels: Int32Array.from({ length: BATCH }, () => random.integer(10)) }
}

function open(network: ExpandedNetwork, options: Partial<NetworkSessionOptions> = {}): NetworkSession {
  const session = new NetworkSession(network, { batch: BATCH, optimiser, threads: 2, measures: whole, ...options })
  session.set('parameters', initialParameters(network, session.graph.parameters, 'lecun-normal', 1))
  return session
}

/** Parameters with one tensor scaled. */
function scaled(session: NetworkSession, name: string, factor: number): Float32Array {
  const values = session.get('parameters')
  const { offset, length } = session.graph.parameters.slots.find((slot) => slot.name === name)!
  for (let i = offset; i < offset + length; i++) values[i]! *= factor
  return values
}

describe.each([
  ['with our own kernels', true],
  ['in TensorFlow’s words, as on a GPU', false],
])('norms whose squares single precision does not hold, %s', (_, ownKernels) => {
  it.each([
    { depth: 70, rectified: true, shrink: 1, first: 1e-11 },
    { depth: 240, rectified: false, shrink: 0.8, first: 1e-30 },
  ])(
    'are those of double precision in a stack of $depth convolutions without norm or skip',
    ({ depth, rectified, shrink, first }) => {
      const network = expand(networkFromDocument(plainStack(depth, 8, rectified)))
      const batch = batchOf(network)
      const session = open(network, { ownKernels })
      session.set(
        'parameters',
        session.get('parameters').map((value) => value * shrink),
      )
      const wanted = plainStackReference(network, session.graph.parameters.slots, session.get('parameters'), batch)
      const { norms, activations, gradientNorm } = session.step(batch, 0.1)
      session.close()
      expect(norms[0]).toBeLessThan(first)
      expect(norms[0]).toBeGreaterThan(1e-35)
      norms.forEach((got, boundary) => expectClose([got], [wanted.norms[boundary]!], 2e-3, `gradient at boundary ${boundary}`))
      activations!.forEach((got, boundary) => expectClose([got], [wanted.activations[boundary]!], 2e-3, `value at ${boundary}`))
      expectClose([gradientNorm], [wanted.gradientNorm], 1e-3, 'gradient of all parameters')
    },
  )

  const residual = expand(networkFromPreset('resnet:blocks=1,widths=4/8', { input: [8, 8, 3] }))
  const batch = batchOf(residual)
  /** The last layer's kernel is a factor of every gradient before it, exactly where the logits are near 0. */
  const measure = (factor: number): Float32Array => {
    const session = open(residual, { ownKernels })
    session.set('parameters', scaled(session, 'head.kernel', factor))
    const { norms } = session.step(batch, 0)
    session.close()
    return norms.slice(0, -1)
  }

  it('follow a scale of the last layer down to 1e-30 through batch norm', () => {
    const wanted = measure(2 ** -20).map((value) => value * 2 ** -80)
    expect(Math.max(...wanted)).toBeLessThan(1e-29)
    expectClose(measure(2 ** -100), wanted, 1e-5, 'norms')
  })

  it('and up to 1e30', () => {
    const wanted = measure(2 ** 40).map((value) => value * 2 ** 60)
    expect(Math.min(...wanted)).toBeGreaterThan(1e20)
    expectClose(measure(2 ** 100), wanted, 1e-5, 'norms')
  })

  it('update once, whichever way they are measured, and tell of it', () => {
    const session = open(residual, { ownKernels })
    const start = scaled(session, 'head.kernel', 2 ** -100)
    session.set('parameters', start)
    const { gradients } = session.differentiate(batch)
    const { weights, updates, finite } = session.step(batch, 0.5)
    const moved = session.get('parameters').map((value, i) => value - start[i]!)
    session.close()
    expect(finite).toBe(true)
    // Of all parameters only the last layer's have a gradient that a weight of size 1 can take up.
    expectClose(
      moved,
      gradients.map((value) => -0.5 * value).map((value, i) => Math.fround(start[i]! + value) - start[i]!),
      1e-6,
      'step',
    )
    expect(weights!.every((value) => value > 0)).toBe(true)
    expect(updates!.every((value) => value >= 0)).toBe(true)
  })

  it('of weights and updates too', () => {
    const network = expand(networkFromDocument(plainStack(3, 8)))
    const data = batchOf(network)
    const session = open(network, { ownKernels })
    const start = session.get('parameters').map((value) => value * 1e-25)
    session.set('parameters', start)
    const { weights } = session.step(data, 0)
    const own = (unit: number) =>
      norm(
        session.graph.parameters.slots
          .filter(({ layer }) => network.units[unit]!.layers.includes(layer))
          .flatMap(({ offset, length }) => [...start.subarray(offset, offset + length)]),
      )
    expectClose(
      weights!,
      network.units.map((_unit, i) => own(i)),
      1e-6,
      'norms of weights',
    )
    session.close()
  })
})
