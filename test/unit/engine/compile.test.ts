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
    expect(graph.projected.map(({ name }) => name)).toEqual(['stem.conv.kernel', 'transition1.conv.kernel'])
    expect(graph.whitened.map(({ name }) => name)).toEqual(['head.kernel'])
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
  /** A batch norm of some channels whose value goes to a ReLU and, if asked, to another. */
  function fused(channels: number, alsoElsewhere: boolean): string[] {
    const g = new TensorGraph()
    const x = g.placeholder('x', [1, 2, 2, channels])
    const c = g.placeholder('c', [channels])
    const { y } = g.batchNorm(x, c, c, 1e-5)
    const relu = g.relu(y)
    g.square(relu)
    if (alsoElsewhere) g.square(y)
    return fuse(g.nodes, { channels: g.normalised, ownKernels: true }).map(({ op, inputs }) => `${op} ${inputs.join()}`)
  }

  it('joins a batch norm of a multiple of four channels with the ReLU that alone follows it', () => {
    const nodes = fused(8, false)
    expect(nodes.some((node) => node.startsWith('Relu'))).toBe(false)
    expect(nodes).toContain('Square FusedBatchNormV3')
    expect(nodes.some((node) => node.startsWith('_FusedBatchNormEx'))).toBe(true)
  })

  it('leaves them where TensorFlow’s kernel takes no such channels, or where the value is wanted elsewhere too', () => {
    for (const nodes of [fused(6, false), fused(8, true)]) {
      expect(nodes.some((node) => node.startsWith('Relu'))).toBe(true)
      expect(nodes.some((node) => node.startsWith('_FusedBatchNormEx'))).toBe(false)
    }
  })

  it('joins the way back with the sum and the norm behind it, where our own kernels run', () => {
    const count = (ownKernels: boolean, op: string) =>
      compile(paper, { ...options, ownKernels }).nodes.filter((node) => node.op === op).length
    const batchNorms = paper.layers.filter((layer) => layer.op.kind === 'batch-norm').length
    expect(count(true, 'NormlabBatchNormReluGradient')).toBe(batchNorms)
    expect(count(true, 'ReluGrad') + count(true, 'FusedBatchNormGradV3')).toBe(0)
    expect(count(false, 'NormlabBatchNormReluGradient')).toBe(0)
    expect(count(false, 'FusedBatchNormGradV3')).toBe(batchNorms)
  })
})
