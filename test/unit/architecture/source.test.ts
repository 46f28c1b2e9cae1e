import { describe, expect, it } from 'vitest'
import type { NetworkDocument, NetworkNode } from '../../../shared/architecture/document'
import { kerasSource } from '../../../shared/architecture/source/keras'
import { torchSource } from '../../../shared/architecture/source/torch'

const layer = (id: string, kind: string, attributes: Record<string, unknown> = {}, inputs?: string[]): NetworkNode => ({
  ...{ id, kind, attributes },
  ...(inputs && { inputs }),
})
const network = (nodes: NetworkNode[]): NetworkDocument => ({
  ...{ format: 'normlab/network', version: 1, name: 'cut' },
  nodes: [
    layer('input', 'input', { height: 4, width: 4, channels: 8 }),
    ...nodes,
    layer('head', 'dense', { units: 3 }),
    layer('loss', 'softmax-cross-entropy'),
  ],
})

describe('a network as PyTorch’s program', () => {
  it('takes the mean and the channels of a sum, and not of its last term', () => {
    const [conv, sum] = [layer('conv', 'conv2d', { filters: 8 }), layer('sum', 'add', {}, ['conv', 'input'])]
    const { text } = torchSource(network([conv, sum, layer('pool', 'global-average-pool')]), [])
    expect(text).toContain('(self.conv(x) + x).mean((2, 3))')
    const part = [layer('part', 'channels', { first: 2, count: 4 }), layer('abs', 'abs')]
    expect(torchSource(network([conv, sum, ...part]), []).text).toContain('(self.conv(x) + x)[:, 2:6]')
  })
})

describe.each([
  ["PyTorch's", torchSource],
  ["Keras's", kerasSource],
] as const)('%s source', (_, write) => {
  it('has words for reflections, which were the last that had none', () => {
    const reflecting = network([layer('turn', 'reflection-conv2d', { filters: 8 }), layer('pool', 'global-average-pool')])
    expect(write(reflecting, []).text).toContain('Reflections')
  })
})
