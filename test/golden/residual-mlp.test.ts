import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { NetworkSession } from '../../main/engine/network-session'
import { openWeightsFor, readStatistics, readWeights, reportWeights } from '../../main/engine/weights'
import { SafetensorsReader } from '../../main/formats/safetensors'
import { expand, networkFromPreset } from '../../shared/architecture'
import { ratios } from '../../shared/norms/ratio'
import { expectClose } from './support/compare'
import { unitValues } from './support/unit-jacobian'

/** Linear layers and BatchNorm1d of PyTorch, and what it makes of them; see reference/torch/make_residual_mlp.py. */
const folder = path.resolve(__dirname, 'reference/torch')
const WEIGHTS = path.join(folder, 'residual_mlp.pth')
const SAID = path.join(folder, 'residual_mlp.safetensors')
const document = networkFromPreset('residual-mlp:blocks=2,width=6,input=1x1x3,classes=4')
const network = expand(document)
const optimiser = { momentum: 0, nesterov: false, weightDecay: 0 }

describe.each([true, false])('a residual net of dense layers, by our own kernels: %s', (ownKernels) => {
  const file = SafetensorsReader.open(SAID)
  const batch = { images: file.readFloats('images'), labels: file.readIntegers('labels') }
  let session: NetworkSession
  let pass: ReturnType<NetworkSession['differentiate']>

  beforeAll(async () => {
    session = new NetworkSession(network, { batch: 7, optimiser, threads: 1, ownKernels })
    const weights = await openWeightsFor(network, { file: WEIGHTS })
    session.set('parameters', readWeights(weights, session.graph.parameters))
    session.set('statistics', readStatistics(weights, session.graph.statistics))
    weights.close()
    pass = session.differentiate(batch)
  })
  afterAll(() => {
    session.close()
    file.close()
  })

  it('gives PyTorch’s logits and loss of a batch, and its logits by moving statistics', () => {
    expectClose(pass.logits, file.readFloats('logits'), 1e-5, 'logits')
    expectClose([pass.measures.loss], file.readFloats('loss'), 1e-5, 'loss')
    expectClose(session.evaluate(batch.images), file.readFloats('evaluated'), 1e-5, 'evaluated')
  })

  it('gives PyTorch’s gradient of every parameter, and its norm at every boundary', () => {
    for (const { name, offset, length } of session.graph.parameters.slots)
      expectClose(pass.gradients.subarray(offset, offset + length), file.readFloats(`grad/${name}`), 1e-4, name)
    const norms = file.readFloats('boundary_norms')
    expectClose(pass.measures.norms, norms, 1e-4, 'norms')
    expectClose(ratios(pass.measures.norms), ratios(norms), 1e-4, 'ratios')
  })

  it('moves the statistics as BatchNorm1d does', () => {
    session.step(batch, 0)
    const moving = session.get('statistics')
    for (const { name, offset, length } of session.graph.statistics.slots)
      expectClose(moving.subarray(offset, offset + length), file.readFloats(`statistics/${name}`), 1e-5, name)
  })
})

describe('what stands around it', () => {
  it.each(['inference', 'training'] as const)('has PyTorch’s singular values of a block’s Jacobian in %s', async (mode) => {
    const file = SafetensorsReader.open(SAID)
    const wanted = file.readFloats(`singular_values/${mode}/block1`)
    file.close()
    const weights = path.join(folder, 'residual_mlp.pth')
    const found = await unitValues({ network: document, unit: 'block1', weights, batch: SAID, mode })
    expectClose(found, wanted, 1e-3, mode)
  })

  it('knows each of PyTorch’s tensors by its name', async () => {
    const report = await reportWeights(network, { file: WEIGHTS })
    expect(report).toMatchObject({ doubts: [], missing: [], missingStatistics: [] })
    expect(report.leftOut.every((name) => name.endsWith('num_batches_tracked'))).toBe(true)
    expect(report.entries.find(({ parameter }) => parameter === 'block2.dense1.kernel')?.tensor).toBe('blocks.1.fc1.weight')
  })
})
