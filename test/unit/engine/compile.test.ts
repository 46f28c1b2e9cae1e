import { describe, expect, it } from 'vitest'
import { compile, type CompileOptions } from '../../../main/engine/graph/compile'
import { fuse } from '../../../main/engine/graph/fuse'
import { parameterLayout, statisticLayout } from '../../../main/engine/graph/layout'
import { TensorGraph } from '../../../main/engine/graph/tensor-graph'
import { expand, networkFromDocument, networkFromPreset } from '../../../shared/architecture'

const options: CompileOptions = {
  batch: 4,
  optimiser: { momentum: 0.9, nesterov: false, weightDecay: 1e-4 },
}
const preset = (words: string) => expand(networkFromPreset(words))
const paper = preset('proc-resnet:blocks=1,planes=4/8')

describe('the layout', () => {
  it('puts every tensor behind the one before, without a gap', () => {
    for (const layout of [parameterLayout(paper), statisticLayout(paper)]) {
      let end = 0
      for (const { offset, length, shape } of layout.slots) {
        expect(offset).toBe(end)
        expect(length).toBe(shape.reduce((a, b) => a * b, 1))
        end += length
      }
      expect(layout.length).toBe(end)
    }
  })
})

describe('the compiled graph', () => {
  it('names every node once, and feeds none from a node that is not there', () => {
    const { nodes } = compile(preset('proc-resnet-v1:blocks=2,planes=4/8'), { ...options, whitening: { layers: 'all' } })
    const names = new Set(nodes.map(({ name }) => name))
    expect(names.size).toBe(nodes.length)
    for (const node of nodes)
      for (const input of node.inputs) expect(names.has(input.replace(/^\^/, '').replace(/:\d+$/, ''))).toBe(true)
  })

  it('projects the kernels of stem and transitions alone, and whitens the dense one alone', () => {
    const graph = compile(paper, {
      ...options,
      projection: { layers: 'transitions', method: 'svd' },
      whitening: { layers: 'all' },
    })
    expect(graph.repaired.project.map(({ name }) => name)).toEqual(['stem.conv.kernel', 'transition1.conv.kernel'])
    expect(graph.repaired.whiten.map(({ name }) => name)).toEqual(['head.kernel'])
  })

  it('grows with the network by a fixed number of nodes a block', () => {
    const size = (blocks: number): number => compile(preset(`plain:blocks=${blocks},widths=4/8`), options).nodes.length
    expect(size(4) - size(3)).toBe(size(3) - size(2))
  })

  it('has nothing to project without transitions, nothing to whiten without a dense layer, nothing to learn without either', () => {
    const project = { ...options, projection: { layers: 'transitions', method: 'svd' } as const }
    expect(() => compile(preset('plain:blocks=1'), project)).toThrow(/nothing to project: .*; choose no projection/)
    expect(() => compile(preset('proc-resnet-v1:blocks=1,planes=4'), project)).not.toThrow()
    const input = { id: 'input', kind: 'input', attributes: { height: 4, width: 4, channels: 3 } }
    const bare = (nodes: unknown[]) =>
      expand(networkFromDocument({ format: 'normlab/network', version: 1, name: 'bare', nodes: [input, ...nodes, { id: 'pool', kind: 'global-average-pool' }, { id: 'loss', kind: 'softmax-cross-entropy' }] })) // prettier-ignore
    expect(() => compile(bare([{ id: 'bn', kind: 'batch-norm' }]), { ...options, whitening: { layers: 'all' } })).toThrow(
      /nothing to whiten/,
    )
    expect(() => compile(bare([]), options)).toThrow(/nothing to learn; add a convolution or a dense layer/)
  })
})

describe('fusion', () => {
  /** A batch norm of some channels, in training or not, whose value goes to a ReLU and, if asked, to another. */
  function fused(channels: number, { alsoElsewhere = false, training = true, ownKernels = false }): string[] {
    const g = new TensorGraph()
    const x = g.placeholder('x', [1, 2, 2, channels])
    const c = g.placeholder('c', [channels])
    const y = training ? g.batchNorm(x, c, c, 1e-5).y : g.normalise(x, c, c, c, c, 1e-5)
    const relu = g.relu(y)
    g.square(relu)
    if (alsoElsewhere) g.square(y)
    const options = { channels: g.normalised, sums: g.sums, detours: g.detours, ownKernels }
    return fuse(g.nodes, options).map(({ op, inputs }) => `${op} ${inputs.join()}`)
  }
  const some = (nodes: readonly string[], op: string) => nodes.some((node) => node.startsWith(`${op} `))

  it('joins a batch norm of a multiple of four channels with the ReLU that alone follows it', () => {
    for (const options of [{}, { training: false, ownKernels: true }]) {
      const nodes = fused(8, options)
      expect(some(nodes, 'Relu')).toBe(false)
      expect(nodes).toContain('Square FusedBatchNormV3')
      expect(some(nodes, '_FusedBatchNormEx')).toBe(true)
    }
  })

  it('leaves them where TensorFlow’s kernel takes no such channels, or where the value is wanted elsewhere too', () => {
    for (const nodes of [fused(6, {}), fused(8, { alsoElsewhere: true })]) {
      expect(some(nodes, 'Relu')).toBe(true)
      expect(some(nodes, '_FusedBatchNormEx')).toBe(false)
    }
  })

  it('takes our own kernel for every batch norm in training, with its ReLU where that alone follows', () => {
    const nodes = fused(6, { ownKernels: true })
    expect(nodes).toContain('NormlabBatchNormRelu x,c,c')
    expect(some(nodes, 'Relu')).toBe(false)
    const apart = fused(8, { ownKernels: true, alsoElsewhere: true })
    expect(apart).toContain('NormlabBatchNormRelu x,c,c')
    expect(some(apart, 'Relu')).toBe(true)
  })

  it('joins the sum before a batch norm and that sum’s norm; whoever takes the sum takes it from there', () => {
    const g = new TensorGraph()
    const [x, z, c] = [g.placeholder('x', [1, 2, 2, 4]), g.placeholder('z', [1, 2, 2, 4]), g.placeholder('c', [4])]
    const sum = g.sum([x, z])
    g.named('norm', g.halfSquaredNorm(sum))
    g.named('next', g.sum([sum, g.relu(g.batchNorm(sum, c, c, 1e-5).y)]))
    g.named('second', g.batchNorm(sum, c, c, 1e-5).y)
    // Not of one shape: no sum that our kernel knows.
    g.named('stretched', g.batchNorm(g.add(x, c), c, c, 1e-5).y)
    const nodes = fuse(g.nodes, { channels: g.normalised, sums: g.sums, detours: g.detours, ownKernels: true })
    const inputs = (name: string) => nodes.find((node) => node.name === name)?.inputs.join()
    expect(inputs('FusedBatchNormV3')).toBe('x,c,c,z')
    expect(inputs('norm')).toBe('FusedBatchNormV3:4')
    expect(inputs('AddV2_1')).toBe('FusedBatchNormV3:3,FusedBatchNormV3')
    expect(inputs('FusedBatchNormV3_1')).toBe('FusedBatchNormV3:3,c,c')
    expect(inputs('FusedBatchNormV3_2')).toBe('AddV2_2,c,c')
    expect(nodes.some((node) => node.name === 'AddV2' || node.op === 'NormlabHalfSquaredNorm')).toBe(false)
  })

  it('joins the way back with the sum and the norm behind it, where our own kernels run', () => {
    const count = (ownKernels: boolean, op: string) =>
      compile(paper, { ...options, ownKernels }).nodes.filter((node) => node.op === op).length
    const batchNorms = paper.layers.filter((layer) => layer.op.kind === 'batch-norm').length
    expect(count(true, 'NormlabBatchNormRelu')).toBe(batchNorms)
    expect(count(true, 'NormlabBatchNormReluGradient')).toBe(batchNorms)
    expect(count(true, 'ReluGrad') + count(true, 'FusedBatchNormGradV3')).toBe(0)
    expect(count(false, 'NormlabBatchNormReluGradient')).toBe(0)
    expect(count(false, 'FusedBatchNormGradV3')).toBe(batchNorms)
  })
})
