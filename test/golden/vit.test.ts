import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { NetworkSession } from '../../main/engine/network-session'
import { initialParameters } from '../../main/engine/training/initialise'
import { expand, networkFromPreset } from '../../shared/architecture'
import { PLACEMENTS } from '../../shared/architecture/presets/vit'
import { Training } from '../../shared/configuration'
import { ratios } from '../../shared/norms/ratio'
import { SIGNAL_PARTS } from '../../shared/norms/signal'
import { expectClose } from './support/compare'
import { golden, goldenVector } from './support/reference'
import { unitValues } from './support/unit-jacobian'

/** What PyTorch's own attention and norms make of it; see reference/torch/make_vit.py. Post-LN has RMS norms there. */
const documentOf = (placement: string) => {
  const norm = placement === 'post' ? 'rms' : 'layer'
  const words = `vit:blocks=2,placement=${placement},norm=${norm},width=6,heads=2,mlp=2,patch=2,input=6x6x3,classes=3`
  return networkFromPreset(words)
}

describe.each(PLACEMENTS)('a Vision Transformer with its norms %s', (placement) => {
  const document = documentOf(placement)
  const network = expand(document)
  const file = golden(`torch/vit_${placement}`)
  const batch = { images: file.floats('images'), labels: file.integers('labels') }
  let session: NetworkSession
  let pass: ReturnType<NetworkSession['differentiate']>
  beforeAll(() => {
    session = new NetworkSession(network, { batch: 4, threads: 1, signal: true, optimiser: Training.parse({}) })
    session.set('parameters', goldenVector(file, session.graph.parameters.slots, 'param/'))
    pass = session.differentiate(batch)
  })
  afterAll(() => session.close())

  it('gives PyTorch’s logits and loss, in training and in evaluation', () => {
    expectClose(pass.logits, file.floats('logits'), 1e-5, 'logits')
    expectClose([pass.measures.loss], file.floats('loss'), 1e-5, 'loss')
    expectClose(session.evaluate(batch.images), file.floats('logits'), 1e-5, 'evaluated')
  })

  it('gives PyTorch’s gradient of every parameter, and its norm where each sublayer begins', () => {
    for (const { name, offset, length } of session.graph.parameters.slots) {
      const found = pass.gradients.subarray(offset, offset + length)
      // What all keys have in common, the softmax takes out again: PyTorch’s gradient is 0 but for rounding.
      if (name.endsWith('.k.bias')) expect(Math.max(...found.map(Math.abs)), name).toBeLessThan(1e-6)
      else expectClose(found, file.floats(`grad/${name}`), 1e-4, name)
    }
    const norms = file.floats('boundary_norms')
    expectClose(pass.measures.norms, norms, 1e-4, 'norms')
    expectClose(ratios(pass.measures.norms), ratios(norms), 1e-4, 'ratios')
  })

  it('measures the signal that PyTorch has', () => {
    const { signal } = session.measure(batch)
    for (const part of SIGNAL_PARTS) expectClose(signal![part], file.floats(`signal/${part}`), 1e-4, part)
  })

  it.each(['block1.attention', 'block2.mlp'])('has PyTorch’s singular values of the Jacobian of %s', async (unit) => {
    const at = path.resolve(__dirname, `reference/torch/vit_${placement}.safetensors`)
    const found = await unitValues({ network: document, unit, weights: at, batch: at, mode: 'inference' })
    expectClose(found, file.floats(`singular_values/${unit}`), 1e-3, unit)
  })
})

describe('how they begin', () => {
  const spreadOf = (placement: string) => {
    const network = expand(networkFromPreset(`vit:blocks=8,placement=${placement},width=32,input=16x16x3`))
    const session = new NetworkSession(network, { batch: 2, threads: 1 })
    const { slots } = session.graph.parameters
    const values = initialParameters(network, session.graph.parameters, 'glorot-normal', 1)
    session.close()
    return (name: string): number => {
      const { offset, length } = slots.find((slot) => slot.name === name)!
      return Math.sqrt(values.slice(offset, offset + length).reduce((sum, value) => sum + value ** 2, 0) / length)
    }
  }

  it('of DeepNorm has values, outputs and MLP at β of Glorot’s deviation, queries and keys at all of it, and skips at α', () => {
    const spread = spreadOf('deepnorm')
    const beta = (8 * 8) ** -0.25
    for (const word of ['q', 'k']) expect(spread(`block5.attention.${word}.kernel`) / Math.sqrt(1 / 32)).toBeCloseTo(1, 1)
    for (const word of ['v', 'out'])
      expect(spread(`block5.attention.${word}.kernel`) / Math.sqrt(1 / 32) / beta).toBeCloseTo(1, 1)
    for (const word of ['dense1', 'dense2']) expect(spread(`block8.mlp.${word}.kernel`) / Math.sqrt(2 / 160) / beta).toBeCloseTo(1, 1) // prettier-ignore
    const network = expand(documentOf('deepnorm'))
    expect(network.layers.find(({ name }) => name === 'block1.mlp.skip')!.attributes['value']).toBeCloseTo(4 ** 0.25, 12)
  })

  it('has positions of a deviation of 0.02, scales of 1', () => {
    const spread = spreadOf('pre')
    expect(spread('stem.position.beta') / 0.02).toBeCloseTo(1, 0)
    expect(spread('block3.mlp.norm.gamma')).toBe(1)
  })
})
