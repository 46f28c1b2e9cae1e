import { describe, expect, it } from 'vitest'
import { nodeDetail, nodeTitle } from '../../../renderer/designer/canvas/labels'
import type { NetworkNode } from '../../../shared/architecture/document'
import { ops } from '../../../shared/ops'

const layer = (kind: string, attributes?: Record<string, unknown>): NetworkNode => ({ id: 'it', kind, attributes })

describe('the words on a card', () => {
  it('name a convolution with its kernel, filters and stride', () => {
    const conv = layer('conv2d', { filters: 32, size: 3, stride: 2 })
    expect([nodeTitle(conv), nodeDetail(conv)]).toEqual(['Convolution', '3×3, 32, stride 2'])
  })

  it.each([
    [layer('conv2d', { filters: 16 }), '3×3, 16'],
    [
      layer('conv2d', { filters: 64, size: 1, groups: 8, padding: 'valid', bias: true }),
      '1×1, 64, 8 groups, valid padding, bias',
    ],
    [layer('depthwise-conv2d', { multiplier: 2 }), '3×3, ×2 channels'],
    [layer('input', { height: 32, width: 48 }), '32×48×3'],
    [layer('average-pool'), '2×2'],
    [layer('max-pool', { size: 3, stride: 2, padding: 'same' }), '3×3, stride 2, same padding'],
    [layer('batch-norm'), ''],
    [layer('batch-norm', { momentum: 0.99 }), 'momentum 0.99'],
    [layer('group-norm'), '8 groups'],
    [layer('dropout', { rate: 0.3 }), 'rate 0.3'],
    [layer('duplicate'), '×2'],
    [layer('padding-shortcut', { filters: 32 }), '32, stride 2'],
    [layer('dense', { units: 10 }), '10'],
    [layer('dense', { units: 10, bias: false }), '10, no bias'],
    [layer('add'), ''],
  ])('leave out what is expected (%#)', (node, detail) => expect(nodeDetail(node)).toBe(detail))

  it('name a block by its id and say how often it stands there', () => {
    const block = { id: 'stage1', kind: 'block' as const, nodes: [layer('relu')] }
    expect(nodeTitle(block)).toBe('stage1')
    expect(nodeDetail(block)).toBe('')
    expect(nodeDetail({ ...block, repeat: 18 })).toBe('×18')
  })

  it('say something of every kind, of unknown ones, and of attributes that are missing or wrong', () => {
    for (const kind of ops.keys()) expect(nodeDetail(layer(kind, {}))).not.toMatch(/undefined|NaN|object/)
    expect(nodeDetail(layer('conv2d', {}))).toBe('3×3, ?')
    expect(nodeDetail(layer('conv2d', { filters: [1], size: {} }))).toBe('?×?, ?')
    expect([nodeTitle(layer('of-tomorrow')), nodeDetail(layer('of-tomorrow', { heads: 4 }))]).toEqual(['of-tomorrow', ''])
  })
})
