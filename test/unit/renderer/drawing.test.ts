import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { listPresets, networkFromPreset } from '../../../shared/architecture'
import { checkNetwork } from '../../../shared/architecture/check'
import type { NetworkDocument } from '../../../shared/architecture/document'
import { type BlockView, draw, type DrawnNode } from '../../../renderer/designer/canvas/drawing'
import { cornersOf, edgePaths } from '../../../renderer/designer/canvas/edge-paths'
import { blockDocument } from '../support/block-document'

const views = (document: NetworkDocument, view: BlockView): Map<string, BlockView> =>
  new Map([...checkNetwork(document).nodes.values()].filter(({ node }) => node.kind === 'block').map(({ path }) => [path, view]))
const drawn = (document: NetworkDocument, of: ReadonlyMap<string, BlockView> = new Map()) =>
  draw(document, of, checkNetwork(document))

/** Nodes of one parent that lie over one another. */
function overlaps(nodes: readonly DrawnNode[]): string[] {
  return nodes.flatMap((a, i) =>
    nodes
      .slice(i + 1)
      .filter(
        (b) =>
          a.parent === b.parent && a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height,
      ) // prettier-ignore
      .map((b) => `${a.id} ${b.id}`),
  )
}

/** Nodes that stick out of the block that they lie in. */
function outside(nodes: readonly DrawnNode[]): string[] {
  const byId = new Map(nodes.map((node) => [node.id, node]))
  return nodes
    .filter(({ parent, x, y, width, height }) => {
      const around = parent === null ? undefined : byId.get(parent)!
      return around && (x < 0 || y < 0 || x + width > around.width || y + height > around.height)
    })
    .map(({ id }) => id)
}

describe('the layout', () => {
  it.each(listPresets().map(({ example }) => example))(
    'of %s lays nothing over another, folded, opened or written out',
    (words) => {
      const document = networkFromPreset(words)
      for (const of of [new Map<string, BlockView>(), views(document, 'open'), views(document, 'copies')]) {
        const { nodes } = drawn(document, of)
        expect(overlaps(nodes)).toEqual([])
        expect(outside(nodes)).toEqual([])
      }
    },
  )

  it('does so for any document, and draws each of its connections once', () =>
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1e6 }), (seed) => {
        const document = blockDocument(seed)
        const { nodes, edges } = drawn(document, views(document, 'open'))
        expect(overlaps(nodes)).toEqual([])
        expect(outside(nodes)).toEqual([])
        expect(new Set(edges.map(({ id }) => id)).size).toBe(edges.length)
        const ids = new Set(nodes.map(({ id }) => id))
        expect(edges.every(({ source, target }) => ids.has(source) && ids.has(target))).toBe(true)
      }),
      { numRuns: 100 },
    ))

  it('takes a skip for what it is: a connection that a longer way makes redundant', () => {
    const document = networkFromPreset('preact-resnet:blocks=2')
    const { edges } = drawn(document, views(document, 'open'))
    expect(edges.filter(({ isSkip }) => isSkip).map(({ source, target }) => `${source} ${target}`)).toEqual([
      'stage1/block>in0 stage1/block/add',
      'stage2/block>in0 stage2/block/add',
      'stage3/block>in0 stage3/block/add',
    ])
    expect(edges.find(({ target }) => target === 'stage2/block1')!.label).toBe('32×32×64')
  })

  it('puts what the reader placed where it was put', () => {
    const document = networkFromPreset('plain-8')
    const nodes = document.nodes.map((node) => (node.id === 'pool' ? { ...node, at: [400, 10] as [number, number] } : node))
    const place = drawn({ ...document, nodes }).nodes.find(({ id }) => id === 'pool')!
    expect([place.x, place.y]).toEqual([400, 10])
  })

  it('of a network of a thousand layers shows a cell for each block, in rows that turn', () => {
    const document = networkFromPreset('proc-resnet-1003')
    const all = new Map<string, BlockView>([1, 2, 3].flatMap((s) => [[`stage${s}`, 'open'], [`stage${s}/block`, 'copies']] as const)) // prettier-ignore
    const { nodes } = drawn(document, all)
    const cells = nodes.filter(({ role }) => role === 'copy')
    expect(cells).toHaveLength(333)
    const corners = cornersOf(nodes)
    const steps = cells
      .slice(1, 111)
      .map(({ id }, i) => Math.abs(corners.get(id)!.x - corners.get(cells[i]!.id)!.x) + Math.abs(corners.get(id)!.y - corners.get(cells[i]!.id)!.y)) // prettier-ignore
    expect(new Set(steps)).toEqual(new Set([58, 38]))
  })
})

it('draws arcs beside what they pass over', () => {
  const document = networkFromPreset('resnet-20')
  const drawing = drawn(document, views(document, 'open'))
  const arc = edgePaths(drawing).find(({ edge }) => edge.isSkip)!
  const inside = drawing.nodes.filter(({ parent }) => parent === arc.edge.parent)
  const corners = cornersOf(drawing.nodes)
  expect(inside.length).toBeGreaterThan(5)
  for (const { id, width } of inside) expect(corners.get(id)!.x + width).toBeLessThanOrEqual(arc.box.right)
})
