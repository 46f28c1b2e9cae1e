import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { expand, listPresets, networkFromPreset } from '../../../shared/architecture'
import { checkNetwork } from '../../../shared/architecture/check'
import type { NetworkDocument, NetworkNode } from '../../../shared/architecture/document'
import * as edit from '../../../renderer/designer/edit'
import { rewire } from '../../../renderer/designer/edit/wiring'
import { carryViews } from '../../../renderer/designer/state/views'
import { blockDocument } from '../support/block-document'

const seeds = fc.integer({ min: 1, max: 1e6 })
const empty: NetworkDocument = { format: 'normlab/network', version: 1, name: 'drawn', nodes: [] }

/** Every block of a document, and the network itself. */
function levels(document: NetworkDocument): string[] {
  return ['', ...[...checkNetwork(document).nodes.values()].filter(({ node }) => node.kind === 'block').map(({ path }) => path)]
}

/** A number for what a network computes, whatever its layers are called and in which order they are written. */
const meanings = new Map<string, number>()
function meaning(document: NetworkDocument): number {
  const { layers, loss } = expand(document)
  const known: number[] = []
  const of = (i: number): number => {
    const { op, attributes, inputs } = layers[i]!
    const text = `${op.kind}${JSON.stringify(attributes)}(${inputs.map((j) => (known[j] ??= of(j))).join()})`
    if (!meanings.has(text)) meanings.set(text, meanings.size)
    return meanings.get(text)!
  }
  return of(loss)
}

describe('writing connections out and leaving them unsaid again', () => {
  const isUnchanged = (document: NetworkDocument): void => {
    for (const level of levels(document)) expect(rewire(document, level, (wiring) => wiring)).toEqual(document)
  }
  it.each(listPresets().map(({ example }) => example))('gives %s back unchanged', (words) =>
    isUnchanged(networkFromPreset(words)),
  )
  it('gives any document back unchanged', () =>
    fc.assert(
      fc.property(seeds, (seed) => isUnchanged(blockDocument(seed))),
      { numRuns: 200 },
    ))
})

describe('edits of any network', () => {
  const each = (check: (document: NetworkDocument, path: string) => void): void =>
    fc.assert(
      fc.property(seeds, fc.nat(), (seed, pick) => {
        const document = blockDocument(seed)
        const paths = [...checkNetwork(document).nodes.keys()]
        check(document, paths[pick % paths.length]!)
      }),
      { numRuns: 200 },
    )

  it('rename a node and back: the same document', () =>
    each((document, path) => {
      const there = edit.rename(document, path, 'another')
      expect(meaning(there.document)).toBe(meaning(document))
      expect(edit.rename(there.document, there.selection![0]!, edit.idOf(path)).document).toEqual(document)
    }))

  it('put a layer behind another and take it away: the same network', () =>
    each((document, path) => {
      if (['head', 'loss'].includes(edit.idOf(path))) return
      const relu: NetworkNode = { id: 'new', kind: 'relu' }
      const there = edit.insertNodes(document, edit.parentOf(path), [relu], { after: [edit.idOf(path)] })
      expect(checkNetwork(there.document).problems).toEqual([])
      expect(meaning(edit.removeNodes(there.document, there.selection!).document)).toBe(meaning(document))
    }))

  it('make a block of a node and open it again: the same network', () =>
    each((document, path) => {
      if (['input', 'loss'].includes(path)) return
      const there = edit.group(document, [path], 'made')
      expect(meaning(there.document)).toBe(meaning(document))
      expect(meaning(edit.ungroup(there.document, there.selection![0]!).document)).toBe(meaning(document))
    }))

  it('write copies out: the same network with the same names', () =>
    each((document, path) => {
      const node = edit.nodeAt(document, path)!
      if (node.kind !== 'block' || !('repeat' in node) || (node.repeat ?? 1) < 2) return
      const written = edit.writeOut(document, path).document
      expect(expand(written).layers.map(({ name }) => name)).toEqual(expand(document).layers.map(({ name }) => name))
      expect(meaning(written)).toBe(meaning(document))
    }))

  it('offer targets that can all be connected without a circle', () =>
    each((document, path) => {
      const [level, id] = [edit.parentOf(path), edit.idOf(path)]
      for (const target of edit.targetsOf(document, level, id, checkNetwork(document))) {
        const there = edit.connect(document, level, id, target.id, target.port).document
        expect(checkNetwork(there).problems.filter(({ message }) => message.includes('feeds itself'))).toEqual([])
      }
    }))

  it('copy nodes as text that reads back, and refuse other text', () =>
    each((document, path) => {
      expect(edit.readCopied(edit.copyNodes(document, [path]))[0]!.kind).toBe(edit.nodeAt(document, path)!.kind)
      expect(() => edit.readCopied('{"format":"other"}')).toThrow('the clipboard holds no layers')
    }))
})

describe('drawing a residual block', () => {
  const put = (document: NetworkDocument, level: string, kind: string, after: string[], attributes = {}) =>
    edit.insertNodes(document, level, [{ id: kind, kind, ...(Object.keys(attributes).length > 0 && { attributes }) }], { after })

  it('from an empty canvas gives what one would have written by hand', () => {
    let { document } = put(empty, '', 'input', [])
    document = put(document, '', 'conv2d', ['input'], { filters: 8 }).document
    document = put(document, '', 'relu', ['conv2d']).document
    document = put(document, '', 'add', ['relu', 'input']).document
    expect(document.nodes).toEqual([
      { id: 'input', kind: 'input' },
      { id: 'conv2d', kind: 'conv2d', attributes: { filters: 8 } },
      { id: 'relu', kind: 'relu' },
      { id: 'add', kind: 'add', inputs: ['relu', 'input'] },
    ])
    const grouped = edit.group(document, ['conv2d', 'relu', 'add'])
    expect(edit.setRepeat(grouped.document, grouped.selection!, 3).document.nodes[1]).toEqual({
      id: 'block',
      kind: 'block',
      repeat: 3,
      nodes: [
        { id: 'conv2d', kind: 'conv2d', attributes: { filters: 8 } },
        { id: 'relu', kind: 'relu' },
        { id: 'add', kind: 'add', inputs: ['relu', '$input'] },
      ],
    })
  })

  it('keeps what leaves a block where layers are put behind it, and where it is removed', () => {
    const document = networkFromPreset('resnet-20')
    const behind = put(document, 'stage1/block', 'dropout', ['relu']).document
    const block = edit.nodeAt(behind, 'stage1/block')
    expect(block && 'nodes' in block && block.nodes[block.nodes.length - 1]!.id).toBe('dropout')
    expect(checkNetwork(behind).problems).toEqual([])
    expect(edit.removeNodes(behind, ['stage1/block/dropout']).document).toEqual(document)
  })

  it('bridges a gap by the branch, and drops a sum’s second copy of it', () => {
    const document = networkFromPreset('resnet-20')
    const { document: without } = edit.removeNodes(document, ['stage1/block/conv1', 'stage1/block/bn1', 'stage1/block/relu1', 'stage1/block/conv2', 'stage1/block/bn2']) // prettier-ignore
    expect(checkNetwork(without).problems.map(({ path, message }) => `${path}: ${message}`)).toEqual([
      'stage1/block/add: Add takes 2 to 64 inputs but gets 1',
    ])
  })
})

it('says why nodes cannot be a block', () => {
  const document = networkFromPreset('resnet-20')
  expect(() => edit.group(document, ['stage1', 'stage2/block1'])).toThrow('the selected nodes lie in different blocks')
  expect(() => edit.group(document, ['stem', 'stage2'])).toThrow('“stem” and “stage2” would leave it; select what joins them')
  expect(() => edit.group(document, ['stem', 'stage2', 'head'])).toThrow(/would leave it|back in/)
  expect(() => edit.group(document, ['input', 'stem', 'loss'])).toThrow('“input” and “loss” cannot be in a block; leave')
  expect(() => edit.rename(document, 'stem', 'stage1')).toThrow('“stage1” is taken')
  expect(() => edit.rename(document, 'stem', '1')).toThrow('“1” cannot be a name: it must be letters')
  expect(() => edit.connect(document, 'stage1/block', 'relu', 'conv1')).toThrow('“conv1” would feed itself')
})

it('leaves the copies of a block folded that are written out of one whose copies were shown', () => {
  const document = edit.setRepeat(networkFromPreset('resnet-20'), ['stage1/block'], 5).document
  const views = new Map([['stage1', 'open'], ['stage1/block', 'copies']] as const) // prettier-ignore
  const { document: written } = edit.writeOut(document, 'stage1/block')
  expect([...carryViews(views, document, written)]).toEqual([['stage1', 'open']])
  const renamed = edit.rename(document, 'stage1/block', 'unit').document
  expect(carryViews(views, document, renamed).get('stage1/unit')).toBe('copies')
})
