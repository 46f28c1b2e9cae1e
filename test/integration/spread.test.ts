import { afterEach, describe, expect, it } from 'vitest'
import { type Batch, NetworkSession, type NetworkSessionOptions } from '../../main/engine/network-session'
import { overDevices } from '../../main/engine/spread'
import { initialParameters } from '../../main/engine/training/initialise'
import { expand, type NetworkDocument, networkFromDocument, networkFromPreset } from '../../shared/architecture'
import { Random } from '../../shared/random'
import { relativeError } from '../golden/support/compare'

const BATCH = 12
const INPUT = [8, 8, 3] as const
const STEPS = 20

const open: NetworkSession[] = []
afterEach(() => open.splice(0).forEach((opened) => opened.close()))

function session(network: NetworkDocument, parts: number, options: Partial<NetworkSessionOptions> = {}): NetworkSession {
  const expanded = expand(network)
  const opened = new NetworkSession(expanded, {
    batch: BATCH,
    optimiser: { momentum: 0.9, nesterov: true, weightDecay: 1e-4 },
    measures: { norms: true, activations: true, weights: true },
    threads: 1,
    ...(parts > 1 && { spread: overDevices('CPU', parts) }),
    ...options,
  })
  open.push(opened)
  opened.set('parameters', initialParameters(expanded, opened.graph.parameters, 'he-fan-in', 1))
  return opened
}

function batch(seed: number): Batch {
  const random = new Random(seed)
  return {
    images: Float32Array.from({ length: BATCH * INPUT[0] * INPUT[1] * INPUT[2] }, () => 0.7 * random.normal() + 0.3),
    labels: Int32Array.from({ length: BATCH }, () => random.integer(4)),
    key: [7, seed],
  }
}

const preset = (words: string): NetworkDocument => networkFromPreset(words, { input: [...INPUT], classes: 4 })

/** All that a training with repairs reports, step by step. */
function reports(of: NetworkSession): Float64Array[] {
  return Array.from({ length: STEPS }, (_, i) => {
    if (i % 5 === 0) of.whiten()
    const { loss, accuracy, gradientNorm, norms, activations, weights, updates } = of.step(batch(i + 1), 0.02, i + 1)
    if (i % 5 === 4) of.project()
    return Float64Array.of(loss, accuracy, gradientNorm, ...norms, ...(activations ?? []), ...(weights ?? []), ...(updates ?? []))
  })
}

function compare(one: NetworkSession, several: NetworkSession): void {
  const [expected, found] = [reports(one), reports(several)]
  found.forEach((report, i) => {
    const apart = report.map((value, k) => Math.abs(value - expected[i]![k]!) / (Math.abs(expected[i]![k]!) || 1))
    expect(Math.max(...apart), `step ${i + 1}`).toBeLessThan(1e-5)
  })
  expect(relativeError(several.get('statistics'), one.get('statistics'))).toBeLessThan(1e-5)
}

const repairs = { projection: { layers: 'all', method: 'exact' }, whitening: { layers: 'all' } } as unknown as Partial<NetworkSessionOptions> // prettier-ignore

describe('a training that is spread over two devices of one process', () => {
  it('has the losses and norms of one on one device, with batch norm, projection and whitening', () => {
    const network = preset('proc-resnet:blocks=1,planes=4/8')
    expect(expand(network).layers.some(({ op }) => op.kind === 'batch-norm')).toBe(true)
    compare(session(network, 1, repairs), session(network, 2, repairs))
  })

  it('has them over three, and where values are computed again', () => {
    const network = preset('resnet:blocks=2,widths=4/8')
    compare(session(network, 1, { recompute: 1 }), session(network, 3, { recompute: 1 }))
  })

  it('drops what one device drops, image by image', () => {
    const network = networkFromDocument({
      ...{ format: 'normlab/network', version: 1, name: 'dropping' },
      nodes: [
        { id: 'input', kind: 'input', attributes: { height: INPUT[0], width: INPUT[1], channels: INPUT[2] } },
        { id: 'conv', kind: 'conv2d', attributes: { filters: 8 } },
        { id: 'drop', kind: 'dropout', attributes: { rate: 0.4 } },
        { id: 'pool', kind: 'global-average-pool' },
        { id: 'features', kind: 'batch-norm' },
        { id: 'dense', kind: 'dense', attributes: { units: 4 } },
        { id: 'loss', kind: 'softmax-cross-entropy' },
      ],
    })
    compare(session(network, 1, { measures: {} }), session(network, 2, { measures: {} }))
  })

  it('shows the same gradients, logits and values of the whole batch', () => {
    const network = preset('resnet:blocks=1,widths=4/8')
    const [one, two] = [session(network, 1), session(network, 2)]
    const [expected, found] = [one.differentiate(batch(3)), two.differentiate(batch(3))]
    expect(relativeError(found.gradients, expected.gradients)).toBeLessThan(1e-5)
    expect(relativeError(found.logits, expected.logits)).toBeLessThan(1e-5)
    expect(relativeError(two.activations(batch(3)), one.activations(batch(3)))).toBeLessThan(1e-5)
  })
})
