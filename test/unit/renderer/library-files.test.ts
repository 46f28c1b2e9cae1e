import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { hand, takeHanded } from '../../../renderer/designer/exchange/handover'
import { type ReadFile, readLibraryFile } from '../../../renderer/designer/exchange/read-network'
import { documentText } from '../../../renderer/designer/exchange/document-text'
import { listPresets, networkFromPreset } from '../../../shared/architecture'
import type { NetworkDocument, NetworkNode } from '../../../shared/architecture/document'
import { ops } from '../../../shared/ops'
import type { BlockDocument } from '../../../shared/library'

const tiny = networkFromPreset('resnet:blocks=1,widths=8/16')
const read = (document: unknown) => readLibraryFile(JSON.stringify(document), 'my.json') as ReadFile<NetworkDocument>

/** Nodes of any kind with whatever attributes, blocks in blocks, whether they fit or not. */
const { node } = fc.letrec<{ node: NetworkNode }>((tie) => ({
  node: fc.oneof(
    { maxDepth: 3 },
    fc.record({
      id: fc.stringMatching(/^[A-Za-z][\w-]{0,9}$/),
      kind: fc.constantFrom(...ops.keys()),
      inputs: fc.array(fc.constantFrom('$input', '$input1', 'conv', 'add')),
      at: fc.tuple(fc.integer({ min: -500, max: 500 }), fc.integer({ min: -500, max: 500 })),
      attributes: fc.dictionary(fc.stringMatching(/^[a-z]\w{0,8}$/), fc.oneof(fc.integer(), fc.string(), fc.boolean())),
    }),
    fc.record({
      id: fc.stringMatching(/^[A-Za-z][\w-]{0,9}$/),
      kind: fc.constant('block' as const),
      unit: fc.constantFrom('stem', 'block', 'transition'),
      repeat: fc.integer({ min: 1, max: 500 }),
      nodes: fc.array(tie('node'), { minLength: 1, maxLength: 4 }),
    }),
  ),
}))

describe('a network’s file', () => {
  it('reads back as it was saved, whatever is in it', () => {
    fc.assert(
      fc.property(fc.array(node, { minLength: 1, maxLength: 6 }), (nodes) => {
        const document = { ...tiny, nodes }
        expect(readLibraryFile(documentText(document), 'x.json')).toEqual({ document, readOnly: null })
      }),
    )
  })

  it('reads back as it was saved, for every preset', () => {
    for (const { example } of listPresets()) {
      const document = networkFromPreset(example)
      expect(readLibraryFile(documentText(document), 'x.json')).toEqual({ document, readOnly: null })
    }
  })

  it('that is not JSON is refused with line and column', () =>
    expect(() => readLibraryFile('{\n  "format": oops\n}', 'my.json')).toThrow('my.json, line 2, column 13: this is not JSON'))

  it('that is something else is refused', () =>
    expect(() => read({ hello: 1 })).toThrow('my.json: this is not a network document'))

  it('of a newer version opens to be looked at, without what is not known here', () => {
    const nodes = tiny.nodes.map((node) => ({ ...node, tint: 'red' }))
    const { document, readOnly } = read({ ...tiny, version: 7, nodes, guides: [1] })
    expect(document).toEqual(tiny)
    expect(readOnly).toMatch(/^my\.json: version 7 is from a newer NormLab;.*nothing of it can be changed\.$/)
  })

  it('of a newer version whose nodes are something else is refused', () =>
    expect(() => read({ ...tiny, version: 7, nodes: { graph: 1 } })).toThrow('version 7 is from a newer NormLab'))

  it('with a broken node opens to be looked at, without that node', () => {
    const broken = { id: '1 bad name', kind: 'relu' }
    const stage = { id: 'stage', kind: 'block', repeat: 'many', nodes: [{ id: 'conv', kind: 'conv2d', attributes: [] }] }
    const { document, readOnly } = read({ ...tiny, nodes: [...tiny.nodes, broken, stage] })
    expect(document.nodes).toEqual([...tiny.nodes, { id: 'stage', kind: 'block', nodes: [{ id: 'conv', kind: 'conv2d' }] }])
    expect(readOnly).toContain('my.json: node “1 bad name”, id')
  })

  it('with blocks in one another without end is refused and not walked', () => {
    const [open, close] = ['{"id":"a","kind":"block","nodes":[', ']}']
    const nested = `${open.repeat(50_000)}{"id":"a","kind":"relu"}${close.repeat(50_000)}`
    const text = documentText({ ...tiny, nodes: [] }).replace('[]', `[${nested}]`)
    expect(() => readLibraryFile(text, 'my.json')).toThrow('blocks lie in one another more than 100 deep')
  })
})

describe('a block’s file', () => {
  const block: BlockDocument = {
    format: 'normlab/block',
    version: 1,
    name: 'mine',
    node: { id: 'b', kind: 'block', nodes: [{ id: 'r', kind: 'relu' }] },
  }

  it('reads back as it was saved', () => expect(readLibraryFile(documentText(block), 'b.json').document).toEqual(block))

  it('that is broken or newer is refused with the place', () => {
    const refused = (change: object) => () => readLibraryFile(JSON.stringify({ ...block, ...change }), 'b.json')
    expect(refused({ version: 2 })).toThrow('b.json: version 2 of a block is from a newer NormLab')
    expect(refused({ node: { id: 'r', kind: 'relu' } })).toThrow('must be a block')
    expect(refused({ node: { ...block.node, repeat: 0 } })).toThrow('b.json: node “b”, repeat')
    expect(refused({ name: '' })).toThrow('b.json: name')
  })
})

describe('a document that is handed over', () => {
  it('arrives with why it cannot be changed', () => {
    hand(tiny, 'It is newer.')
    expect(takeHanded()).toEqual({ document: tiny, readOnly: 'It is newer.' })
  })
})
