import { describe, expect, it } from 'vitest'
import { paletteSections, searchEntries } from '../../../renderer/designer/palette-entries'
import { readyBlocks } from '../../../shared/architecture/blocks'
import { NetworkNode } from '../../../shared/architecture/document'
import type { LibraryItem } from '../../../shared/library'
import { ops } from '../../../shared/ops'
import { OP_CATEGORIES } from '../../../shared/ops/op'

const when = '2026-11-24T00:00:00Z'
const own: LibraryItem = {
  ...{ id: 12, name: 'My bottleneck', createdAt: when, changedAt: when, versions: 0, weights: null },
  document: {
    format: 'normlab/block',
    version: 1,
    name: 'My bottleneck',
    node: {
      id: 'block',
      kind: 'block',
      unit: 'block',
      nodes: [
        { id: 'bn', kind: 'batch-norm' },
        { id: 'relu', kind: 'relu' },
      ],
    },
  },
}
const sections = paletteSections([own])
const READY = ['Residual blocks', 'Transitions', 'Stems and heads']
const entries = sections.flatMap((section) => section.entries)
const create = (id: string, channels: number | null) => entries.find((entry) => entry.id === id)!.create(channels)
const titles = (search: string) => searchEntries(entries, search).map(({ title }) => title)

describe('the palette', () => {
  it('has every kind of layer once, by category in the palette’s order, then ready blocks, then the user’s own', () => {
    expect(sections.map(({ title }) => title)).toEqual([...OP_CATEGORIES, ...READY, 'My blocks'])
    expect(new Set(entries.map(({ id }) => id))).toEqual(
      new Set([...[...ops.keys()].map((kind) => `layer:${kind}`), ...readyBlocks.map(({ name }) => `ready:${name}`), 'own:12']),
    )
  })

  it('leaves out a section without entries', () => {
    expect(paletteSections([]).map(({ title }) => title)).toEqual([...OP_CATEGORIES, ...READY])
  })

  it('makes layers that their own schemas take, whatever comes in', () => {
    for (const entry of entries)
      for (const channels of [null, 1, 3, 7, 16, 48]) {
        const nodes = entry.create(channels)
        for (const node of nodes) {
          expect(NetworkNode.safeParse(node).success).toBe(true)
          if (node.kind === 'block') continue
          const { attributes } = node as { attributes?: object }
          expect(ops.get(node.kind)!.attributes.safeParse(attributes ?? {}).success).toBe(true)
        }
      }
  })

  it('fits a new layer to the channels that enter it', () => {
    expect(create('layer:conv2d', 64)).toEqual([{ id: 'conv', kind: 'conv2d', attributes: { filters: 64 } }])
    expect(create('layer:conv2d', 3)).toEqual([{ id: 'conv', kind: 'conv2d', attributes: { filters: 16 } }])
    expect(create('layer:group-norm', 12)).toEqual([{ id: 'gn', kind: 'group-norm', attributes: { groups: 6 } }])
    expect(create('layer:group-norm', 16)).toEqual([{ id: 'gn', kind: 'group-norm' }])
    expect(create('layer:padding-shortcut', 16)).toMatchObject([{ attributes: { filters: 32 } }])
  })

  it('gives a block of the user’s own as a copy', () => {
    const [node] = create('own:12', 16)
    expect(node).toEqual(own.document.format === 'normlab/block' && own.document.node)
    expect(node).not.toBe(own.document.format === 'normlab/block' && own.document.node)
  })
})

describe('a search in the palette', () => {
  it('finds by title, kind, other words and description, the title’s beginning first', () => {
    expect(titles('conv')[0]).toBe('Convolution')
    expect(titles('batchnorm')).toEqual(['Batch norm'])
    expect(titles('silu')).toEqual(['Swish', 'Hard swish'])
    expect(titles('fully-connected')).toEqual(['Dense'])
    expect(titles('bottleneck').slice(0, 3)).toEqual(['Bottleneck', 'Pre-activation bottleneck', 'My bottleneck'])
    expect(titles('he et al 2016')).toContain('Pre-activation basic block')
    expect(titles('pool l2')).toContain('L2 pooling')
  })

  it('finds all for nothing, and nothing for what there is not', () => {
    expect(titles(' ')).toHaveLength(entries.length)
    expect(titles('recurrent')).toEqual([])
    expect(titles('transformer')).toContain('Attention block')
  })
})
