import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { convertTo, differenceOfTotals, documentDifference, expand, networkFromPreset } from '../../../shared/architecture'
import type { BlockNode, NetworkDocument, NetworkNode } from '../../../shared/architecture/document'

const copy = (document: NetworkDocument): NetworkDocument => JSON.parse(JSON.stringify(document)) as NetworkDocument
const texts = (a: NetworkDocument, b: NetworkDocument) => documentDifference(a, b).map(({ text }) => text)

/** A copy of resnet-20 with a change made to it. */
function changed(change: (nodes: NetworkNode[], node: (path: string) => NetworkNode) => void): NetworkDocument {
  const document = copy(networkFromPreset('resnet-20'))
  change(document.nodes, (path) => {
    let nodes = document.nodes
    let node: NetworkNode | undefined
    for (const id of path.split('/')) {
      node = nodes.find((candidate) => candidate.id === id)!
      nodes = node.kind === 'block' ? (node as BlockNode).nodes : []
    }
    return node!
  })
  return document
}
const difference = (change: Parameters<typeof changed>[0]) => texts(networkFromPreset('resnet-20'), changed(change))

describe('the difference of two documents', () => {
  it('says what changed of a node', () => {
    const before = networkFromPreset('resnet-20')
    expect(texts(before, networkFromPreset('resnet-110'))).toEqual([
      'stage1/block ×3 → ×18',
      'stage2/block ×2 → ×17',
      'stage3/block ×2 → ×17',
    ])
    expect(
      difference((_, node) => ((node('stage2/block1/conv1') as { attributes: object }).attributes = { filters: 32, size: 3 })),
    ).toEqual(['stage2/block1/conv1: stride 2 → 1'])
    expect(difference((_, node) => (node('stem').unit = 'stem'))).toEqual(['stem: unit none → stem'])
    expect(difference((_, node) => (node('pool').kind = 'global-l2-pool'))).toEqual([
      'pool: kind global-average-pool → global-l2-pool',
    ])
    expect(difference((_, node) => ((node('stage1/block') as BlockNode).output = 'add'))).toEqual([
      'stage1/block: output relu → add',
    ])
    expect(difference((_, node) => (node('stage1/block/add').inputs = ['bn2', 'conv1']))).toEqual([
      'stage1/block/add: inputs $input, bn2 → bn2, conv1',
    ])
    expect(difference((_, node) => ((node('stage1/block') as BlockNode).first = 4))).toEqual(['stage1/block: first 1 → 4'])
  })

  it('says what came, what went, and what has another name', () => {
    expect(difference((nodes) => nodes.splice(2, 0, { id: 'extra', kind: 'relu' }))).toEqual([
      'stage1: inputs stem → extra',
      'extra (relu) added',
    ])
    expect(difference((nodes) => nodes.splice(4, 1))).toEqual(['pool: inputs stage3 → stage2', 'stage3 removed'])
    expect(difference((_, node) => (node('stage3').id = 'last'))).toEqual(['stage3 is now last'])
    expect(
      difference((_, node) => {
        const stage = node('stage3') as BlockNode
        stage.id = 'last'
        ;(stage.nodes[1] as BlockNode).repeat = 9
      }),
    ).toEqual(['stage3 is now last', 'last/block ×2 → ×9'])
    const grouped = difference((nodes) => nodes.splice(1, 2, { id: 'group', kind: 'block', nodes: nodes.slice(1, 3) }))
    expect(grouped).toEqual([
      'stage2: inputs stage1 → group',
      'stage1 is now group/stage1',
      'stem is now group/stem',
      'group added',
    ])
  })

  it('says nothing of places, of the order of a list, or of what is the default', () => {
    expect(difference((_, node) => (node('stem').at = [10, 20]))).toEqual([])
    expect(
      difference((_, node) => Object.assign(node('stem/conv'), { attributes: { filters: 16, size: 3, stride: 1 } })),
    ).toEqual([])
    expect(
      difference((nodes) => {
        nodes.forEach((node, i) => (node.inputs = i > 0 ? [nodes[i - 1]!.id] : []))
        nodes.reverse()
      }),
    ).toEqual([])
  })

  it('of a conversion is the transitions and the shortcuts', () => {
    const before = networkFromPreset('proc-resnet:blocks=2')
    expect(texts(before, convertTo(before, 'l2-pooling'))).toEqual([
      'stem: output conv → duplicate2',
      'stem/conv: filters 64 → 16',
      'transition1: output conv → duplicate',
      'transition2: output conv → duplicate',
      'pool: kind global-average-pool → global-l2-pool',
      'transition1/conv (conv2d) removed',
      'transition2/conv (conv2d) removed',
      'stem/duplicate1 (duplicate) added',
      'stem/duplicate2 (duplicate) added',
      'transition1/pool (l2-pool) added',
      'transition1/duplicate (duplicate) added',
      'transition2/pool (l2-pool) added',
      'transition2/duplicate (duplicate) added',
    ])
  })

  it('tells the totals of both, and none of one with errors', () => {
    const before = networkFromPreset('resnet-20')
    const broken = changed((_, node) => (node('stem/conv').kind = 'conv3d'))
    expect(differenceOfTotals(before, broken)).toEqual({
      before: { parameters: 272_474, flops: expect.any(Number) as number, depth: 20, units: 9 },
      after: null,
    })
    for (const [words, depth] of [
      ['proc-resnet-166', 166],
      ['preact-resnet-29', 29],
      ['proc-resnet-v1-164', 164],
      ['densenet-40-12', 40],
      ['resnext-29', 29],
    ] as const)
      // prettier-ignore
      expect(differenceOfTotals(networkFromPreset(words), broken).before!.depth).toBe(depth)
  })
})

describe('for any two documents', () => {
  /** Documents that are near one another: a preset, some of its nodes changed. */
  const words = fc.constantFrom(
    'resnet:blocks=1',
    'resnet:blocks=2',
    'preact-resnet:blocks=1',
    'proc-resnet:blocks=2',
    'densenet:blocks=1',
  )
  const edit = fc.tuple(fc.nat(), fc.constantFrom('rename', 'remove', 'relu', 'repeat', 'unit', 'swap', 'place', 'widen'))
  const documents = fc.tuple(words, fc.array(edit, { maxLength: 3 })).map(([preset, edits]) => {
    const document = copy(networkFromPreset(preset))
    for (const [where, how] of edits) apply(document, where, how)
    return document
  })

  function apply(document: NetworkDocument, where: number, how: string): void {
    const places: { list: NetworkNode[]; node: NetworkNode }[] = []
    const visit = (list: NetworkNode[]): void =>
      list.forEach((node) => {
        places.push({ list, node })
        if (node.kind === 'block') visit((node as BlockNode).nodes)
      })
    visit(document.nodes)
    const { list, node } = places[where % places.length]!
    const index = list.indexOf(node)
    if (how === 'rename') node.id = `${node.id}x`
    if (how === 'remove' && list.length > 1) list.splice(index, 1)
    if (how === 'relu') list.splice(index + 1, 0, { id: `relu-${where % 7}`, kind: 'relu' })
    if (how === 'repeat' && node.kind === 'block') Object.assign(node, { repeat: (where % 3) + 1 })
    if (how === 'unit') node.unit = 'transition'
    if (how === 'swap') list.splice(index, 2, ...list.slice(index, index + 2).reverse())
    if (how === 'place') node.at = [where % 100, 5]
    if (how === 'widen' && node.kind === 'conv2d') Object.assign(node, { attributes: { filters: (where % 9) + 1 } })
  }

  /** Layers, connections and units, whatever the order of the layers. */
  function expanded(document: NetworkDocument): string | null {
    try {
      const { layers, units } = expand(document)
      const lines = layers.map(({ name, op, attributes, inputs }) => JSON.stringify([name, op.kind, attributes, inputs.map((i) => layers[i]!.name)])) // prettier-ignore
      return JSON.stringify([lines.sort(), units.map(({ name, kind }) => `${name} ${kind}`).sort()])
    } catch {
      return null
    }
  }

  it('nothing differs of one from itself, and something of two that expand differently', () => {
    fc.assert(
      fc.property(documents, documents, (a, b) => {
        expect(documentDifference(a, copy(a))).toEqual([])
        const [left, right] = [expanded(a), expanded(b)]
        if (left !== null && right !== null && left !== right) expect(documentDifference(a, b)).not.toEqual([])
      }),
    )
  })

  it('the way back has as many lines: what came goes, and what changed changes', () => {
    fc.assert(
      fc.property(documents, documents, (a, b) => {
        const count = (x: NetworkDocument, y: NetworkDocument, kind: string) =>
          documentDifference(x, y).filter((line) => line.kind === kind).length
        expect(count(a, b, 'added')).toBe(count(b, a, 'removed'))
        expect(count(a, b, 'moved')).toBe(count(b, a, 'moved'))
        expect(count(a, b, 'changed')).toBe(count(b, a, 'changed'))
      }),
    )
  })
})
