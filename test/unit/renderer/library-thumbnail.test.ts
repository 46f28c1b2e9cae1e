import { describe, expect, it } from 'vitest'
import { THUMBNAIL } from '../../../renderer/designer/library/thumbnail'
import { sizeOf } from '../../../renderer/designer/library/use-size'
import { listPresets, networkFromPreset } from '../../../shared/architecture'
import type { BlockDocument } from '../../../shared/library'

const of = (words: string) => sizeOf(networkFromPreset(words)).thumbnail
const stages = (words: string) => of(words).marks.filter(({ kind }) => kind === 'stage')

describe('a network’s small picture', () => {
  it('shows stages as boxes that get lower with the resolution and darker with the channels', () => {
    const [first, second, third] = stages('proc-resnet:blocks=18')
    expect([first!.label, second!.label, third!.label]).toEqual(['×18', '×18', '×18'])
    expect([first!.height, second!.height, third!.height]).toEqual([56, 39.6, 28])
    expect(first!.shade).toBeLessThan(second!.shade)
    expect(second!.shade).toBeLessThan(third!.shade)
  })

  it('shows transitions as marks of their own, and says all in words', () => {
    const { marks, words } = of('proc-resnet:blocks=3')
    expect(marks.filter(({ kind }) => kind === 'transition')).toHaveLength(2)
    expect(words).toBe('3 stages, ×3 ×3 ×3; 2 transitions')
  })

  it('draws arcs over blocks with skips alone', () => {
    expect(of('resnet:blocks=3').arcs).toHaveLength(9)
    expect(of('plain:blocks=3').arcs).toHaveLength(0)
  })

  it('keeps every preset within its frame, from left to right', () => {
    for (const { example } of [...listPresets(), { example: 'proc-resnet-1003' }]) {
      const { marks } = of(example)
      let x = 0
      for (const mark of marks) {
        expect(mark.x).toBeGreaterThanOrEqual(x)
        x = mark.x + mark.width
        expect(mark.y).toBeGreaterThan(0)
        expect(mark.y + mark.height).toBeLessThan(80)
      }
      expect(x).toBeLessThanOrEqual(THUMBNAIL.width)
    }
  })

  it('merges what is too much to be told apart', () => {
    const document = networkFromPreset('plain:blocks=1')
    const nodes = Array.from({ length: 200 }, (_, i) => ({ id: `relu${i}`, kind: 'relu' }))
    const picture = sizeOf({ ...document, nodes: [document.nodes[0]!, ...nodes, ...document.nodes.slice(1)] }).thumbnail
    expect(picture.marks.length).toBeLessThanOrEqual(20)
  })

  it('shows what is unfinished, and nothing of an empty canvas', () => {
    const document = networkFromPreset('plain:blocks=1')
    expect(sizeOf({ ...document, nodes: [] }).thumbnail.marks).toEqual([])
    const loose = [
      { id: 'conv', kind: 'conv2d' },
      { id: 'add', kind: 'add', inputs: ['nobody', 'conv'] },
      { id: 'b', kind: 'block' as const, nodes: [] },
    ]
    const { thumbnail, problems } = sizeOf({ ...document, nodes: loose })
    expect(thumbnail.marks).toHaveLength(3)
    expect(problems).toBeGreaterThan(0)
  })

  it('shows the inside of a block, its skip as an arc', () => {
    const nodes = [
      { id: 'conv', kind: 'conv2d', attributes: { filters: 16 } },
      { id: 'relu', kind: 'relu' },
      { id: 'add', kind: 'add', inputs: ['$input', 'relu'] },
    ]
    const block: BlockDocument = {
      format: 'normlab/block',
      version: 1,
      name: 'b',
      node: { id: 'b', kind: 'block', repeat: 4, nodes },
    }
    const { thumbnail, layers, parameters } = sizeOf(block)
    expect(thumbnail.marks.map(({ kind }) => kind)).toEqual(['layer', 'layer', 'join'])
    expect(thumbnail.arcs).toHaveLength(1)
    expect([layers, parameters]).toEqual([12, null])
  })
})
