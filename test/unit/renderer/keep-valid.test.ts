import { describe, expect, it } from 'vitest'
import { networkFromPreset } from '../../../shared/architecture'
import { NetworkDocument, type NetworkNode } from '../../../shared/architecture/document'
import * as edit from '../../../renderer/designer/edit'
import type { Edited } from '../../../renderer/designer/designer'

/** As the designer does it: an edit that is refused leaves the document as it is. */
function changed(document: NetworkDocument, edited: Edited): NetworkDocument {
  edit.keepValid(document, edited.document)
  return edited.document
}
const resnet = networkFromPreset('resnet-20')
const nodes = (...list: unknown[]): string => JSON.stringify({ format: 'normlab/nodes', version: 1, nodes: list })
const relu = { id: 'r', kind: 'relu' }

describe('copying and cutting', () => {
  it('over two levels is refused as grouping is, with nothing left behind', () => {
    const paths = ['stage2/block1/conv1', 'pool']
    for (const take of [edit.copyNodes, edit.duplicate, edit.group])
      expect(() => take(resnet, paths)).toThrow('the selected nodes lie in different blocks; select nodes of one block')
  })

  it('of a block and of what is in it takes the block, whole', () => {
    const copied = edit.readCopied(edit.copyNodes(resnet, ['stage2', 'stage2/block1/conv1']))
    expect(copied.map(({ id }) => id)).toEqual(['stage2'])
  })
})

describe('a document that is drawn', () => {
  it('is grouped a hundred deep and no deeper, and can be kept at each step', () => {
    let document = resnet
    let path = 'stage1'
    const deeper = (): void => {
      const grouped = edit.group(document, [path])
      document = changed(document, grouped)
      path = grouped.selection![0]!
    }
    // Its own block lies one deep in it already, and has a further one inside.
    let depth = 0
    expect(() => {
      for (; depth < 105; depth++) deeper()
    }).toThrow('it lies in 100 blocks already, and no block may lie deeper; ungroup some of them')
    expect(depth).toBeGreaterThanOrEqual(97)
    expect(NetworkDocument.safeParse(document).success).toBe(true)
    expect(() => changed(document, edit.insertNodes(document, path, [deep(101)], { after: ['$input'] }))).toThrow('too deep')
  })

  it.each<[string, unknown[], RegExp]>([
    ['lists itself', [{ id: 'b', kind: 'block', inputs: ['b'], nodes: [relu] }], /“b” would feed itself/],
    ['lists itself from within', [{ id: 'b', kind: 'block', nodes: [{ ...relu, inputs: ['b'] }] }], /“r” takes “b”, which is not in it/],
    ['has a circle in it', [{ id: 'b', kind: 'block', nodes: [{ ...relu, inputs: ['s'] }, { id: 's', kind: 'relu' }] }], /feeds itself/],
    ['feeds another that feeds it', [{ id: 'a', kind: 'add', inputs: ['$input', 's'] }, { id: 's', kind: 'relu', inputs: ['a'] }], /would feed itself/],
  ])('takes no pasted block that %s', (_, list, sentence) => {
    const paste = (): NetworkDocument => {
      const copied = edit.readCopied(nodes(...list))
      return changed(resnet, edit.insertNodes(resnet, '', copied, { after: ['stem'] }))
    }
    expect(paste).toThrow(sentence)
  }) // prettier-ignore

  it('takes no connection of a layer to itself', () => {
    expect(() => edit.connect(resnet, 'stage1', 'block', 'block')).toThrow('“block” would feed itself')
  })

  it.each<[string, (document: NetworkDocument) => Edited, RegExp]>([
    ['a name with a space', (d) => ({ document: edit.rename(d, 'pool', 'a b').document }), /must be letters, digits, - or _/],
    ['a repeat without end', (d) => edit.setRepeat(d, ['stage1'], 20_000), /“stage1”, repeat: must be at most 10000/],
    ['a place far off', (d) => edit.placeNodes(d, new Map([['pool', [1e9, 0]]])), /must be at most/],
    ['an empty name', (d) => edit.renameNetwork(d, ''), /a network’s name has 1 to 200 letters/],
  ])('takes no %s', (_, change, sentence) => {
    expect(() => changed(resnet, change(resnet))).toThrow(sentence)
  })
})

function deep(depth: number): NetworkNode {
  return depth === 0 ? relu : { id: 'b', kind: 'block', nodes: [deep(depth - 1)] }
}
