import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { expand, networkFromPreset } from '../../shared/architecture'
import type { WeightMap } from '../../shared/weight-map'
import { SafetensorsReader, writeSafetensors } from '../../main/formats/safetensors'
import { statisticLayout } from '../../main/engine/graph/layout'
import { NetworkSession } from '../../main/engine/network-session'
import { wantedLayers } from '../../main/engine/weights/layers'
import { openWeights, openWeightsFor, readStatistics, readWeights, reportWeights } from '../../main/engine/weights'
import { expectClose } from './support/compare'

/** Networks trained in PyTorch, with its logits of a batch by moving statistics; see reference/torch/make_torch.py. */
const folder = path.resolve(__dirname, 'reference/torch')
const scratch = mkdtempSync(path.join(tmpdir(), 'normlab-weights-'))
afterAll(() => rmSync(scratch, { recursive: true, force: true }))

const PROC = 'proc-resnet:blocks=1,planes=2/4/8,input=16x16x3'
const PREACT = 'preact-resnet:block=basic,blocks=1,widths=4/8,padding=symmetric,input=16x16x3'
const network = (words: string) => expand(networkFromPreset(words))
const at = (name: string): string => path.join(folder, name)

async function logits(words: string, file: string, images: Float32Array, map?: WeightMap): Promise<Float32Array> {
  const session = new NetworkSession(network(words), { batch: 8, threads: 1 })
  const weights = await openWeightsFor(session.network, { file, map })
  try {
    session.set('parameters', readWeights(weights, session.graph.parameters))
    session.set('statistics', readStatistics(weights, session.graph.statistics))
    return session.evaluate(images)
  } finally {
    weights.close()
    session.close()
  }
}

/** What PyTorch was given, and what it said. */
function asked(name: string): { images: Float32Array; logits: Float32Array } {
  const file = SafetensorsReader.open(at(`${name}_logits.safetensors`))
  const found = { images: file.readFloats('images'), logits: file.readFloats('logits') }
  file.close()
  return found
}

/** The file's tensors as another file, in another order. */
async function asSafetensors(name: string, order: (names: string[]) => string[]): Promise<string> {
  const file = await openWeights(at(name))
  const to = path.join(scratch, `${name}-${order.name}.safetensors`)
  const shapes = new Map(file.tensors.map((tensor) => [tensor.name, tensor.shape]))
  writeSafetensors(to, order([...shapes.keys()]).map((tensor) => ({ name: tensor, shape: shapes.get(tensor)!, data: file.readChecked(tensor).values }))) // prettier-ignore
  file.close()
  return to
}

it('says where a strided convolution would slide over other pixels than in PyTorch', async () => {
  const file = at('preact_resnet.pth')
  const told = async (words: string): Promise<string> => (await reportWeights(network(words), { file })).remarks.join()
  expect(await told(PREACT.replace('padding=symmetric,', ''))).toContain('would slide over other pixels than in PyTorch')
  expect(await told(PREACT)).not.toContain('other pixels')
})

describe('a network trained in PyTorch', () => {
  it.each([
    ['proc_resnet', PROC],
    ['preact_resnet', PREACT],
  ])('is the same function here, by the map that is proposed: %s', async (name, words) => {
    const { images, logits: wanted } = asked(name)
    expectClose(await logits(words, at(`${name}.pth`), images), wanted, 1e-4, 'logits')
  })

  it('is another function where a strided convolution is padded as TensorFlow pads', async () => {
    const { images, logits: wanted } = asked('preact_resnet')
    const other = await logits(PREACT.replace(',padding=symmetric', ''), at('preact_resnet.pth'), images)
    expect(Math.max(...other.map((value, i) => Math.abs(value - wanted[i]!)))).toBeGreaterThan(0.01)
  })

  it('has a report: what is taken and turned, counters left out, no doubt and nothing missing', async () => {
    const report = await reportWeights(network(PROC), { file: at('proc_resnet.pth') })
    expect(report).toMatchObject({ doubts: [], missing: [], missingStatistics: [] })
    // 34 learned, 20 moving, 10 counters.
    expect(report.entries).toHaveLength(54)
    expect(report.leftOut).toHaveLength(10)
    expect(report.leftOut.every((name) => name.endsWith('num_batches_tracked'))).toBe(true)
    expect(report.remarks).toEqual(['read from its "net"; passed over: acc, epoch', '"module." was taken off every name'])
    const stem = report.entries.find(({ parameter }) => parameter === 'stem.conv.kernel')
    expect(stem).toEqual({ parameter: 'stem.conv.kernel', tensor: 'conv1.weight', shape: [3, 3, 3, 8], isTurned: true })
  })

  it('may come as safetensors, in the order of its modules', async () => {
    const inOrder = (names: string[]): string[] => names
    const { images, logits: wanted } = asked('proc_resnet')
    expectClose(await logits(PROC, await asSafetensors('proc_resnet.pth', inOrder), images), wanted, 1e-4, 'logits')
  })

  it('is not guessed at where its tensors are sorted by name; a map that is given says what is what', async () => {
    const sorted = (names: string[]): string[] => [...names].sort()
    const file = await asSafetensors('proc_resnet.pth', sorted)
    await expect(openWeightsFor(network(PROC), { file })).rejects.toThrow(/which of its tensors is which .* is not sure/)
    const { map } = await reportWeights(network(PROC), { file: at('proc_resnet.pth') })
    const { images, logits: wanted } = asked('proc_resnet')
    expectClose(await logits(PROC, file, images, map), wanted, 1e-4, 'logits')
    const wrong = { ...map, tensors: { ...map.tensors, 'stem.conv.kernel': 'linear.weight' } }
    await expect(openWeightsFor(network(PROC), { file, map: wrong })).rejects.toThrow(
      'tensor "linear.weight" is 10×32 and the network’s stem.conv.kernel is 3×3×3×8',
    )
    const unknown = { ...map, tensors: { ...map.tensors, 'stem.conv.weight': 'conv1.weight' } }
    await expect(openWeightsFor(network(PROC), { file, map: unknown })).rejects.toThrow('does not have')
  })

  it('is proposed by the numbers of its names where its order is none, and is not sure until somebody is', async () => {
    const words = 'plain:blocks=6,widths=4/8,input=16x16x3'
    const roles = { kernel: 'weight', factor: 'factors', scale: 'weight', bias: 'bias', shift: 'bias', mean: 'running_mean', variance: 'running_var' } // prettier-ignore
    const tensors = wantedLayers(network(words)).flatMap((layer, i) =>
      layer.tensors.map(({ role, torch: { shape } }) => {
        return { name: `m.${i}.${roles[role]}`, shape, data: new Float32Array(shape.reduce((product, side) => product * side, 1)).fill(1) } // prettier-ignore
      }),
    )
    const write = (name: string, order: typeof tensors): string => {
      const file = path.join(scratch, `${name}.safetensors`)
      writeSafetensors(file, order)
      return file
    }
    const right = await reportWeights(network(words), { file: write('forward', tensors) })
    const file = write('backward', [...tensors].reverse())
    const found = await reportWeights(network(words), { file })
    expect(found.doubts).toEqual(['its tensors lie in another order than the network’s layers, so they are taken in that of their names']) // prettier-ignore
    expect(found.map.tensors).toEqual(right.map.tensors)
    await expect(openWeightsFor(network(words), { file })).rejects.toThrow('taken in that of their names')
  })

  it('without weights in its skips is refused for a network that wants some, with the words of one that does not', async () => {
    const words = 'resnet:blocks=1,widths=4/8,input=16x16x3'
    const file = path.join(scratch, 'padded.safetensors')
    const roles = {
      kernel: 'weight',
      factor: 'factors',
      scale: 'weight',
      bias: 'bias',
      shift: 'bias',
      mean: 'running_mean',
      variance: 'running_var',
    }
    const tensors = wantedLayers(network(`${words},shortcut=padding-both`)).flatMap((layer, i) =>
      layer.tensors.map(({ role, torch: { shape } }) => {
        return { name: `m${i}.${roles[role]}`, shape, data: new Float32Array(shape.reduce((product, side) => product * side, 1)).fill(1) } // prettier-ignore
      }),
    )
    writeSafetensors(file, tensors)
    await expect(openWeightsFor(network(words), { file })).rejects.toThrow(
      'use the network with padded skips, as resnet:blocks=1,widths=4/8,input=16x16x3,shortcut=padding-both',
    )
    const fitted = await openWeightsFor(network(`${words},shortcut=padding-both`), { file })
    fitted.close()
  })

  it('is not taken for a network of another depth', async () => {
    const deeper = network(PROC.replace('blocks=1', 'blocks=2'))
    await expect(openWeightsFor(deeper, { file: at('proc_resnet.pth') })).rejects.toThrow(
      /not sure: its convolution, norm layers are others/,
    )
    const { missing } = await reportWeights(deeper, { file: at('proc_resnet.pth') })
    expect(missing).toHaveLength(27)
    expect(statisticLayout(deeper).slots).toHaveLength(38)
  })
})

describe('a dense layer behind an image', () => {
  it('has its rows turned from PyTorch’s channel, height, width', async () => {
    // In PyTorch flatten(2×3×2): entry (c·3 + y)·2 + x. Here (y·2 + x)·2 + c.
    const image = { format: 'normlab/network', version: 1, name: 'flat', nodes: [
      { id: 'input', kind: 'input', attributes: { height: 3, width: 2, channels: 2 } },
      { id: 'head', kind: 'dense', attributes: { units: 2 } },
      { id: 'loss', kind: 'softmax-cross-entropy' },
    ] } // prettier-ignore
    const flat = expand(image as never)
    const file = path.join(scratch, 'flat.npz.safetensors')
    const weight = Float32Array.from({ length: 24 }, (_, i) => i)
    writeSafetensors(file, [
      { name: 'fc.weight', shape: [2, 12], data: weight },
      { name: 'fc.bias', shape: [2], data: Float32Array.of(0, 0) },
    ])
    const fitted = await openWeightsFor(flat, { file })
    const kernel = fitted.readChecked('head.kernel').values
    for (let c = 0; c < 2; c++)
      for (let y = 0; y < 3; y++)
        for (let x = 0; x < 2; x++)
          for (let o = 0; o < 2; o++) expect(kernel[((y * 2 + x) * 2 + c) * 2 + o]).toBe(weight[o * 12 + (c * 3 + y) * 2 + x])
    fitted.close()
  })
})
