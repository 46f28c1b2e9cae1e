import { describe, expect, it } from 'vitest'
import { differenceCounts, differenceGroups } from '../../../renderer/designer/library/difference-lines'
import { asNetwork } from '../../../renderer/designer/library/use-difference-sides'
import { networkFromPreset } from '../../../shared/architecture'
import { documentDifference } from '../../../shared/architecture/difference'
import type { NetworkDocument, NetworkNode } from '../../../shared/architecture/document'

const before = networkFromPreset('proc-resnet:blocks=3')
const groups = (after: NetworkDocument) => differenceGroups(documentDifference(before, after))

describe('the difference of two documents', () => {
  it('has nothing to say of the same network', () => expect(groups(networkFromPreset('proc-resnet:blocks=3'))).toEqual([]))

  it('is told by block, with a sign and a word', () => {
    const found = groups(networkFromPreset('proc-resnet:blocks=18'))
    expect(found.map(({ path }) => path)).toEqual(['stage1', 'stage2', 'stage3'])
    expect(found[0]!.lines).toEqual([{ sign: '~', word: 'changed', text: 'stage1/block ×3 → ×18' }])
    expect(differenceCounts(found)).toBe('3 changed')
  })

  it('tells another name from another place', () => {
    const nodes = before.nodes.map((node): NetworkNode => (node.id === 'end' ? { ...node, id: 'last' } : node))
    const found = groups({ ...before, nodes })
    expect(found).toEqual([{ path: '', lines: [{ sign: '→', word: 'renamed', text: 'end is now last' }] }])
  })

  it('takes a block for a network of one node', () => {
    const node: NetworkNode = { id: 'b', kind: 'block', nodes: [{ id: 'r', kind: 'relu' }] }
    expect(asNetwork({ format: 'normlab/block', version: 1, name: 'mine', node }).nodes).toEqual([node])
    expect(asNetwork(before)).toBe(before)
  })
})
