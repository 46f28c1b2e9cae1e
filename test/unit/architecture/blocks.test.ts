import { describe, expect, it } from 'vitest'
import { expand, readyBlocks } from '../../../shared/architecture'
import type { NetworkDocument, NetworkNode } from '../../../shared/architecture/document'
import { headNodes, inputNode, layer } from '../../../shared/architecture/presets/pieces'

/** The nodes between an input of so many channels and a head. */
const between = (nodes: NetworkNode[], channels: number): NetworkDocument => ({
  format: 'normlab/network',
  version: 1,
  name: 'drawn',
  nodes: [
    inputNode([8, 8, channels]),
    ...nodes,
    ...(nodes.some(({ kind }) => kind === 'softmax-cross-entropy') ? [] : [layer('top', 'global-average-pool'), ...headNodes(4)]),
  ],
})
const leaving = (name: string, channels: number, width?: number) => {
  const nodes = readyBlocks.find((ready) => ready.name === name)!.create(channels, width)
  const network = expand(between(nodes, channels))
  return network.layers[network.layers.findIndex((found) => found.name === 'top') - 1]!.shape
}

/** What it stands behind: a block of dense layers behind one, all others behind an image. */
const behind = (ready: (typeof readyBlocks)[number], channels: number | null): NetworkNode[] => [
  ...(ready.name === 'mlp-block' ? [layer('before', 'dense', { units: channels ?? 16 })] : []),
  ...ready.create(channels),
  ...(ready.name === 'mlp-block' ? headNodes(4) : []),
]

describe('the ready blocks', () => {
  it.each(readyBlocks.map((ready) => [ready.title, ready] as const))('“%s” fits behind any number of channels', (_, ready) => {
    for (const channels of [1, 3, 12, 32, 100]) expect(() => expand(between(behind(ready, channels), channels))).not.toThrow()
    expect(() => expand(between(behind(ready, null), 16))).not.toThrow()
  })

  it('are as wide as what enters, and transitions twice as wide', () => {
    for (const name of ['basic-block', 'preact-basic-block', 'preact-bottleneck', 'bottleneck', 'resnext-block', 'plain-block'])
      expect(leaving(name, 32), name).toEqual([8, 8, 32])
    for (const name of ['basic-block-projection', 'projected-transition', 'l2-transition'])
      expect(leaving(name, 32), name).toEqual([4, 4, 64])
    expect(leaving('dense-unit', 32)).toEqual([8, 8, 44])
    expect(leaving('dense-transition', 32)).toEqual([4, 4, 16])
    expect(leaving('stem', 3)).toEqual([8, 8, 16])
  })

  it('take another width where they have one', () => {
    expect(leaving('projected-transition', 32, 48)).toEqual([4, 4, 48])
    expect(leaving('bare-stem', 3, 64)).toEqual([8, 8, 64])
    expect(readyBlocks.filter(({ width }) => width === null).map(({ name }) => name)).toEqual([
      'gate',
      'l2-transition',
      'end',
      'head',
    ])
  })

  it('are made anew each time', () => {
    for (const ready of readyBlocks) expect(ready.create(16)[0]).not.toBe(ready.create(16)[0])
  })

  it('have names of their own', () => expect(new Set(readyBlocks.map(({ name }) => name)).size).toBe(readyBlocks.length))
})
