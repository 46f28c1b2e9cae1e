import { expect, it } from 'vitest'
import { inspectNetwork, networkFromDocument } from '../../../shared/architecture'

const summary = inspectNetwork(
  networkFromDocument({
    format: 'normlab/network',
    version: 1,
    name: 'by hand',
    nodes: [
      { id: 'input', kind: 'input', attributes: { height: 6, width: 4, channels: 3 } },
      { id: 'conv', kind: 'conv2d', attributes: { filters: 8, bias: true } },
      { id: 'bn', kind: 'batch-norm' },
      { id: 'relu', kind: 'relu' },
      { id: 'half', kind: 'conv2d', attributes: { filters: 8, size: 1, stride: 2 }, unit: 'block' },
      { id: 'sum', kind: 'add', inputs: ['half', 'half'] },
      { id: 'average', kind: 'global-average-pool' },
      { id: 'head', kind: 'dense', attributes: { units: 5 } },
      { id: 'loss', kind: 'softmax-cross-entropy' },
    ],
  }),
)

it('counts the operations of one image as one does by hand, a multiply-add as two', () => {
  const byHand = {
    input: 0,
    // 6·4 positions, 8 filters: 3·3·3 multiply-adds and one bias.
    conv: 6 * 4 * 8 * (2 * 27 + 1),
    bn: 2 * 6 * 4 * 8,
    relu: 6 * 4 * 8,
    half: 3 * 2 * 8 * 2 * 8,
    sum: 3 * 2 * 8,
    average: 3 * 2 * 8,
    head: 5 * (2 * 8 + 1),
    loss: 5 * 5,
  }
  expect(Object.fromEntries(summary.layers.map(({ name, flops }) => [name, flops]))).toEqual(byHand)
  expect(summary.flops).toBe(Object.values(byHand).reduce((a, b) => a + b, 0))
})

it('counts parameters, layers and blocks, and tells every shape', () => {
  expect(summary.parameters).toBe(3 * 3 * 3 * 8 + 8 + 2 * 8 + 8 * 8 + 8 * 5 + 5)
  expect([summary.nodes, summary.blocks]).toEqual([9, 1])
  expect(summary.layers.map(({ shape }) => shape)).toEqual([[6, 4, 3], [6, 4, 8], [6, 4, 8], [6, 4, 8], [3, 2, 8], [3, 2, 8], [8], [5], []]) // prettier-ignore
  expect(summary.units).toEqual([{ name: 'half', kind: 'block', shape: [6, 4, 8], leaves: [3, 2, 8] }])
})
