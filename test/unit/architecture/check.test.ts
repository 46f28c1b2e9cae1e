import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { expand, inspectNetwork, listPresets, networkFromPreset, trainingMemory } from '../../../shared/architecture'
import { checkNetwork } from '../../../shared/architecture/check'
import type { NetworkDocument } from '../../../shared/architecture/document'
import { isUserError } from '../../../shared/errors'
import { blockDocument, spoiled } from '../support/block-document'
import { randomNetwork } from '../../golden/support/random-network'

/** Depth and receptive field by walking every layer of the expanded network. */
function walked(document: NetworkDocument): { depth: number; field: number } {
  const { layers, loss } = expand(document)
  const depth: number[] = []
  const size: number[] = []
  const jump: number[] = []
  layers.forEach((layer, i) => {
    const kernels = layer.parameters.some(({ name }) => name === 'kernel') ? 1 : 0
    depth[i] = Math.max(0, ...layer.inputs.map((j) => depth[j]!)) + kernels
    const window = layer.op.window?.(layer.attributes)
    const partial = layer.inputs.filter((k) => layer.op.kind !== 'multiply' || size[k] !== Infinity)
    const seen = partial.length > 0 ? partial : layer.inputs
    const [s, j] = seen.length ? [Math.max(...seen.map((k) => size[k]!)), Math.max(...seen.map((k) => jump[k]!))] : [1, 1]
    size[i] = window === 'all' || s === Infinity ? Infinity : window ? s + (window.size - 1) * j : s
    jump[i] = size[i] === Infinity ? Infinity : window && window !== 'all' ? j * window.stride : j
  })
  return { depth: depth[loss]!, field: Math.max(...size.filter(Number.isFinite)) }
}

function agrees(document: NetworkDocument): void {
  const check = checkNetwork(document)
  const summary = inspectNetwork(document)
  expect(check.problems).toEqual([])
  expect([check.layers, check.parameters, check.flops, check.blocks]).toEqual([
    ...[summary.nodes, summary.parameters, summary.flops, summary.blocks],
  ])
  expect(check.units.reduce((sum, { copies }) => sum + copies, 0)).toBe(summary.units.length)
  expect(Math.max(check.memory.perImage, 1)).toBe(trainingMemory(expand(document)).perImage)
  expect(check.memory.fixed).toBe(trainingMemory(expand(document)).fixed)
  expect(check.depth).toBe(walked(document).depth)
}

describe('a network that is whole', () => {
  it.each([
    ...listPresets().map(({ example }) => example),
    ...['proc-resnet-1003', 'proc-resnet-v1-164', 'densenet-bc-100-12', 'resnet-110', 'wide-resnet-28-10'],
  ])('%s comes to what its layers written out come to', (words) => {
    const document = networkFromPreset(words)
    agrees(document)
    expect(checkNetwork(document).receptiveField).toBe(walked(document).field)
  })

  it('does so whatever it is', () =>
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1e6 }), (seed) => agrees(randomNetwork(seed))),
      { numRuns: 200 },
    ))

  it('does so with blocks in blocks, repeated, of several inputs and with outputs that are not the last', () =>
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1e6 }), (seed) => agrees(blockDocument(seed))),
      { numRuns: 200 },
    ))

  it('has the depth that the literature gives it', () => {
    for (const [words, depth] of [
      ['resnet-20', 20],
      ['proc-resnet-1003', 1003],
      ['preact-resnet-164', 164],
      ['densenet-bc-100-12', 100],
    ] as const)
      // prettier-ignore
      expect(checkNetwork(networkFromPreset(words)).depth).toBe(depth)
  })
})

describe('a network that is not', () => {
  it('has a problem just where there is one, whatever was broken', () =>
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1e6 }), fc.integer({ min: 1, max: 1e6 }), (seed, fault) => {
        const document = spoiled(blockDocument(seed), fault)
        let refused = false
        try {
          expand(document)
        } catch (error) {
          if (!isUserError(error)) throw error
          refused = true
        }
        expect(checkNetwork(document).problems.length > 0).toBe(refused)
      }),
      { numRuns: 400 },
    ))

  it('complains at the cause alone, and goes on behind it', () => {
    const document = networkFromPreset('proc-resnet:blocks=2')
    const broken = JSON.parse(JSON.stringify(document).replace('"size":1,"stride":2', '"size":0')) as NetworkDocument
    const check = checkNetwork(broken)
    expect(check.problems).toMatchObject([
      { path: 'transition1/conv', code: 'bad-attribute', field: 'size', message: 'size must be at least 1' },
    ])
    expect(check.nodes.get('stage1/block')!.output).toEqual([32, 32, 64])
    expect(check.nodes.get('stage2/block')!.output).toBeNull()
    expect(check.nodes.get('stage2/block')!.problems).toEqual([])
  })

  it('names every mistake in a way that can be mended', () => {
    const nodes = [
      { id: 'a', kind: 'relu' },
      { id: 'x', kind: 'conv3d' },
      { id: 'c', kind: 'conv2d', inputs: ['nobody'], attributes: { size: 3.5, skew: 2 } },
      { id: 's', kind: 'add', inputs: ['c'] },
    ]
    const check = checkNetwork({ format: 'normlab/network', version: 1, name: 'n', nodes })
    expect(check.problems.map(({ path, field, message }) => `${path} ${field}: ${message}`)).toEqual([
      ' input: a network needs one “Input” layer',
      ' softmax-cross-entropy: a network needs one “Softmax cross-entropy” layer',
      'a inputs: ReLU takes 1 input but gets 0',
      'x kind: there is no layer “conv3d”',
      'x output: nothing takes what leaves it',
      'c inputs: there is no node “nobody” in the same block',
      'c filters: filters is not set',
      'c size: size must be a whole number',
      'c skew: Convolution has no attribute “skew”',
      's inputs: Add takes 2 to 64 inputs but gets 1',
      's output: nothing takes what leaves it',
    ])
  })

  it('complains of two of one name about the name, and takes the first for both', () => {
    const image = { height: 8, width: 8, channels: 3 }
    const nodes = [
      { id: 'input', kind: 'input', attributes: image },
      { id: 'c', kind: 'relu' },
      { id: 'b', kind: 'relu' },
      { id: 'c', kind: 'relu' },
      { id: 's', kind: 'add', inputs: ['c', 'nobody'] },
      { id: 'c', kind: 'relu', inputs: ['c'] },
    ]
    const check = checkNetwork({ format: 'normlab/network', version: 1, name: 'n', nodes })
    expect(check.problems.map(({ path, message }) => `${path}: ${message}`)).toEqual([
      ': a network needs one “Softmax cross-entropy” layer',
      'c: two nodes of one block have this name',
      's: there is no node “nobody” in the same block',
      's: nothing takes what leaves it',
    ])
  })
})

it('looks at a network of a thousand layers without writing it out', () => {
  const document = networkFromPreset('proc-resnet-1003')
  const { nodes } = checkNetwork(document)
  expect(nodes.size).toBeLessThan(60)
  expect(nodes.get('stage2/block/conv2')).toMatchObject({ copies: 111, output: [16, 16, 32], inputs: [[16, 16, 32]] })
  expect(nodes.get('stage1')!.parameters).toBe(nodes.get('stage1/block')!.parameters)
})
