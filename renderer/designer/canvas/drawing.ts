import type { NetworkCheck } from '../../../shared/architecture/check'
import type { BlockNode, NetworkDocument, NetworkNode } from '../../../shared/architecture/document'
import { enteringIndex, referencesOf } from '../../../shared/architecture/level'
import { EXIT } from '../edit/connect'
import { idOf, join, parentOf } from '../edit/tree'
import { CARD, CELL, HEAD, LAYER, PAD, PORT } from './geometry'
import { type Box, findSkips, placeLevel } from './level-layout'

/** How blocks are shown that are not folded: opened in place, or written out copy by copy. */
export type BlockView = 'open' | 'copies'

/** A thing on the canvas, at its place in its parent, pixels. */
export interface DrawnNode {
  /**
   * The node's path (`stage1/block/conv1`); `stage1/block#17` for a copy, `stage1/block>in0` and `stage1/block>out` for where tensors
   * enter and leave an opened block.
   */
  readonly id: string
  readonly path: string
  readonly role: 'layer' | 'block' | 'open' | 'copies' | 'copy' | 'entry' | 'exit'
  /** The id of the opened block that it lies in; null at the top. */
  readonly parent: string | null
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
  readonly node: NetworkNode
  /** Own name of the copy (`block17`); of copies alone. */
  readonly name?: string
}

/** A connection on the canvas, from what leaves a drawn node to an input of another. */
export interface DrawnEdge {
  readonly id: string
  readonly source: string
  readonly target: string
  /** The target's how-manieth input, from 0. */
  readonly port: number
  /** As the document says where it comes from: an id of the same block, or `$input`. */
  readonly reference: string
  /** Another way leads there too, and is longer: drawn as an arc beside the flow. */
  readonly isSkip: boolean
  /** `32×32×16`, where it is known. */
  readonly label: string
  readonly parent: string | null
}

export interface Drawing {
  readonly nodes: readonly DrawnNode[]
  readonly edges: readonly DrawnEdge[]
  readonly width: number
  readonly height: number
}

/** Lays a document out, from top to bottom, blocks as they are viewed; parents come before what lies in them. */
export function draw(document: NetworkDocument, views: ReadonlyMap<string, BlockView>, check: NetworkCheck): Drawing {
  const level = drawLevel(document.nodes, '', views, check)
  return { nodes: level.nodes, edges: level.edges, width: level.width, height: level.height }
}

const entryId = (level: string, k: number): string => `${level}>in${k}`
const exitId = (level: string): string => `${level}>out`

/**
 * What a drawn node is to its connections: the block whose wiring it belongs to, and what that calls it: a node's id, `$input`, or
 * `EXIT` for where the block's value leaves it.
 */
export function endOf(id: string): { level: string; reference: string } {
  const at = id.indexOf('>')
  if (at < 0) return { level: parentOf(id), reference: idOf(id) }
  const entering = /^in(\d+)$/.exec(id.slice(at + 1))?.[1]
  const reference = entering === undefined ? EXIT : entering === '0' ? '$input' : `$input${entering}`
  return { level: id.slice(0, at), reference }
}

/** The nodes of one block, placed from its inner corner, with all that lies in them. */
function drawLevel(
  nodes: readonly NetworkNode[],
  level: string,
  views: ReadonlyMap<string, BlockView>,
  check: NetworkCheck,
): { nodes: DrawnNode[]; edges: DrawnEdge[]; width: number; height: number } {
  const isInside = level !== ''
  const block = isInside ? (check.nodes.get(level)?.node as BlockNode | undefined) : undefined
  const references = referencesOf(nodes, isInside)
  const inner = new Map(nodes.map((node) => [node.id, drawInside(node, join(level, node.id), views, check)]))
  const boxes: Box[] = nodes.map((node) => {
    const content = inner.get(node.id)
    const size = content
      ? { width: Math.max(content.width, MIN_HEAD) + 2 * PAD, height: HEAD + content.height + PAD }
      : node.kind === 'block'
        ? CARD
        : LAYER
    return { id: join(level, node.id), ...size, at: node.at }
  })
  const used = references.flat().flatMap((reference) => enteringIndex(reference) ?? [])
  const ports = isInside ? Math.max(1, ...used.map((k) => k + 1), check.nodes.get(level)?.inputs.length ?? 0) : 0
  for (let k = 0; k < ports; k++) boxes.push({ id: entryId(level, k), ...PORT })
  const known = new Set(nodes.map(({ id }) => id))
  const links = nodes.flatMap((node, i) =>
    references[i]!.flatMap((reference, port) => {
      const k = enteringIndex(reference)
      if (k === null ? !known.has(reference) : k >= ports) return []
      return [{ source: k === null ? join(level, reference) : entryId(level, k), target: join(level, node.id), port, reference }]
    }),
  )
  const leaving = block && (block.output ?? nodes[nodes.length - 1]?.id)
  if (isInside) {
    boxes.push({ id: exitId(level), ...PORT })
    if (leaving !== undefined && known.has(leaving))
      links.push({ source: join(level, leaving), target: exitId(level), port: 0, reference: leaving })
  }
  const isSkip = findSkips(
    boxes.map(({ id }) => id),
    links,
  )
  const placed = placeLevel(
    boxes,
    links.filter((_, i) => !isSkip[i]),
    links.filter((_, i) => isSkip[i]),
  )
  // From the inner corner of the block that they lie in to its outer one.
  const [dx, dy] = isInside ? [PAD, HEAD] : [0, 0]
  const parent = isInside ? level : null
  const drawn: DrawnNode[] = []
  const edges: DrawnEdge[] = []
  for (const { id, width, height } of boxes) {
    const { x, y } = placed.places.get(id)!
    const node = nodes.find((own) => join(level, own.id) === id) ?? block!
    const isPort = id.includes('>')
    const role = isPort
      ? id.endsWith('>out')
        ? 'exit'
        : 'entry'
      : node.kind !== 'block'
        ? 'layer'
        : (inner.get(node.id)?.role ?? 'block')
    drawn.push({ id, path: isPort ? level : id, role, parent, x: x + dx, y: y + dy, width, height, node })
    const content = isPort ? undefined : inner.get(node.id)
    if (content) {
      // One by one: all at once, as a call's arguments, they overflow the stack.
      for (const node of content.nodes) drawn.push(node)
      for (const edge of content.edges) edges.push(edge)
    }
  }
  links.forEach(({ source, target, port, reference }, i) => {
    const k = enteringIndex(reference)
    const shape = k === null ? check.nodes.get(join(level, reference))?.output : check.nodes.get(level)?.inputs[k]
    edges.push({
      id: `${source}→${target}:${port}`,
      ...{ source, target, port, reference, parent },
      isSkip: isSkip[i]!,
      label: shape ? shape.join('×') : '',
    })
  })
  return { nodes: drawn, edges, width: placed.width, height: placed.height }
}

/** A head has room for a name and its buttons. */
const MIN_HEAD = 190

interface Inside {
  readonly role: 'open' | 'copies'
  readonly nodes: readonly DrawnNode[]
  readonly edges: readonly DrawnEdge[]
  readonly width: number
  readonly height: number
}

function drawInside(
  node: NetworkNode,
  path: string,
  views: ReadonlyMap<string, BlockView>,
  check: NetworkCheck,
): Inside | undefined {
  if (node.kind !== 'block') return undefined
  const block = node as BlockNode
  const view = views.get(path)
  if (view === 'copies' && (block.repeat ?? 1) > 1) return drawCopies(block, path)
  return view ? { role: 'open', ...drawLevel(block.nodes, path, views, check) } : undefined
}

/** Cells in a row; it grows with their number, so that many make a field rather than a band. */
const columnsOf = (repeat: number): number => Math.min(repeat, Math.max(4, Math.ceil(Math.sqrt(repeat * 4.5))))

/** The copies of a block as cells in rows that turn at their ends, so that each lies beside the one before. */
export function copyCells(block: BlockNode, path: string): DrawnNode[] {
  const { repeat = 1, first = 1 } = block
  const columns = columnsOf(repeat)
  return Array.from({ length: repeat }, (_, i): DrawnNode => {
    const row = Math.floor(i / columns)
    const column = row % 2 === 0 ? i % columns : columns - 1 - (i % columns)
    return {
      ...{ id: `${path}#${first + i}`, path, role: 'copy', parent: path, node: block },
      x: PAD + column * (CELL.width + CELL.gap),
      y: HEAD + row * (CELL.height + CELL.gap),
      width: CELL.width,
      height: CELL.height,
      name: `${block.id}${first + i}`,
    }
  })
}

function drawCopies(block: BlockNode, path: string): Inside {
  const columns = columnsOf(block.repeat ?? 1)
  const rows = Math.ceil((block.repeat ?? 1) / columns)
  return {
    ...{ role: 'copies', nodes: copyCells(block, path), edges: [] },
    width: columns * (CELL.width + CELL.gap) - CELL.gap,
    height: rows * (CELL.height + CELL.gap) - CELL.gap,
  }
}
