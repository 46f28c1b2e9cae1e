import { describe, expect, it } from 'vitest'
import { parameterLayout, vectorOf } from '../../../main/engine/graph/layout'
import { NodeGraph } from '../../../main/engine/graph/node-graph'
import { TensorGraph } from '../../../main/engine/graph/tensor-graph'
import { expand, networkFromDocument } from '../../../shared/architecture'
import { eye } from '../../../shared/ops/eye'

const network = (...nodes: object[]): ReturnType<typeof expand> =>
  expand(
    networkFromDocument({
      ...{ format: 'normlab/network', version: 1, name: 'large' },
      nodes: [
        { id: 'input', kind: 'input', attributes: { height: 8, width: 8, channels: 3 } },
        ...nodes,
        { id: 'head', kind: 'dense', attributes: { units: 10 } },
        { id: 'loss', kind: 'softmax-cross-entropy' },
      ],
    }),
  )
const dense = (id: string, units: number): object => ({ id, kind: 'dense', attributes: { units } })

describe('a network of a few hundred bytes that asks for more than a machine has', () => {
  it('has one sentence with its largest tensor in place of a vector that no memory holds', () => {
    const layout = parameterLayout(network(dense('a', 1_000_000), dense('b', 60_000)))
    expect(() => vectorOf(layout, 25e9)).toThrow(
      'its largest tensor “b.kernel”: the network’s numbers take 240.8 GB, more than this machine (25.0 GB) or one array holds',
    )
    expect(() => vectorOf(parameterLayout(network(dense('a', 100))), 1000)).toThrow('its largest tensor “a.kernel”')
    expect(() => vectorOf(layout, 1e15)).toThrow('or one array holds; make layers narrower, or repeat fewer of them')
  })

  it('has one sentence where its passes come to more operations than TensorFlow is asked for', () => {
    const graph = new NodeGraph()
    graph.within('stage1.conv', () => {
      // As many as there are: what they are does not matter.
      graph.nodes.length = 1_000_000
      expect(() => graph.node('Relu', [])).toThrow(
        'layer “stage1.conv”: the network comes to more than 1000000 operations of TensorFlow; lower repeat counts',
      )
    })
  })

  it('has one sentence where a layer needs an identity matrix that no graph holds', () => {
    expect(() => eye(new TensorGraph(), 60_000)).toThrow('a kernel of 60000 channels needs an identity matrix of that side')
    expect(eye(new TensorGraph(), 100).shape).toEqual([1, 100, 100])
  })
})
