import { greatest, least } from '../../../shared/extent'
import type { BlockNode, NetworkDocument, NetworkNode } from '../../../shared/architecture/document'
import type { BlockDocument } from '../../../shared/library'
import type { Shape } from '../../../shared/ops'

/** A small picture of a network, from left to right: boxes as high as their resolution, darker with more channels. */
export interface Thumbnail {
  readonly marks: readonly Mark[]
  readonly arcs: readonly Arc[]
  /** The picture in words: `3 stages, ×3 ×3 ×3; 2 transitions`. */
  readonly words: string
}

export interface Mark {
  /** A stage of blocks, a layer or a run of layers, a transition, a joining of two ways. */
  readonly kind: 'stage' | 'layer' | 'transition' | 'join'
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
  /** 0–1: how many channels, on a log scale over the network. */
  readonly shade: number
  /** `×18`, or nothing. */
  readonly label: string
}

/** A skip, above the boxes. */
export interface Arc {
  readonly from: number
  readonly to: number
  readonly y: number
  readonly height: number
}

export const THUMBNAIL = { width: 160, height: 96 } as const
const LEFT = 6
const GAP = 3
const MIDDLE = 46
const TALLEST = 56
/** More marks than this cannot be told apart: runs of layers are drawn as one. */
const MOST_MARKS = 20

/** What leaves a node, by its path; null where that is not known. */
export type ShapeOf = (path: string) => Shape | null

/** A mark before it has its place. */
interface Piece {
  readonly kind: Mark['kind']
  readonly ids: readonly string[]
  readonly shape: Shape | null
  /** Blocks that it stands for. */
  readonly copies: number
  /** Whether the blocks within it have skips. */
  readonly hasSkips: boolean
  readonly weight: number
}

/** Draws a network, or the inside of a block, within 160×96. */
export function thumbnail(document: NetworkDocument | BlockDocument, shapeOf: ShapeOf): Thumbnail {
  const nodes = 'nodes' in document ? document.nodes : (document.node as BlockNode).nodes
  const pieces = merged(nodes.map((node) => pieceOf(node, shapeOf(node.id))))
  const marks = place(pieces)
  return { marks, arcs: [...blockArcs(pieces, marks), ...skips(nodes, pieces, marks)], words: inWords(pieces) }
}

function pieceOf(node: NetworkNode, shape: Shape | null): Piece {
  const piece = { ids: [node.id], shape, copies: 0, hasSkips: false }
  if (node.unit === 'transition') return { ...piece, kind: 'transition', weight: 1 }
  if (node.kind === 'block') {
    const block = node as BlockNode
    const copies = blocksIn(block)
    return copies > 0
      ? { ...piece, kind: 'stage', copies, hasSkips: hasSkips(block), weight: 2.6 }
      : { ...piece, kind: 'layer', weight: 0.8 }
  }
  if (['add', 'multiply', 'concatenate'].includes(node.kind)) return { ...piece, kind: 'join', weight: 0.7 }
  return { ...piece, kind: 'layer', weight: hasKernel(node) ? 0.9 : 0.4 }
}

const hasKernel = ({ kind }: NetworkNode): boolean => /conv2d|dense/.test(kind)

/** Blocks that a node stands for: its own copies, or those of the blocks and units in it; none for a few layers in a row. */
function blocksIn(block: BlockNode): number {
  if (block.unit === 'block' || (block.repeat ?? 1) > 1) return block.repeat ?? 1
  return block.nodes.reduce(
    (sum, node) => sum + (node.kind === 'block' && node.unit !== 'transition' ? blocksIn(node as BlockNode) : 0),
    0,
  )
}

/** Whether some way around other layers leads through the block or one that lies in it. */
const hasSkips = (block: BlockNode): boolean =>
  block.nodes.some(
    (node, index) =>
      (node.inputs ?? []).length > 1 ||
      (index > 0 && node.inputs?.some((source) => source.startsWith('$input'))) ||
      (node.kind === 'block' && hasSkips(node as BlockNode)),
  )

/** Stages of one shape that follow one another as one; and, where there are too many marks, layers likewise. */
function merged(pieces: readonly Piece[]): readonly Piece[] {
  const isLayer = ({ kind }: Piece): boolean => kind === 'layer' || kind === 'join'
  const isStage = ({ kind }: Piece): boolean => kind === 'stage'
  const stages = joined(pieces, (a, b) => isStage(a) && isStage(b) && `${a.shape}` === `${b.shape}`)
  if (stages.length <= MOST_MARKS) return stages
  const layers = joined(stages, (a, b) => a.kind === b.kind || (isLayer(a) && isLayer(b)))
  return layers.length <= MOST_MARKS ? layers : joined(layers, (_, b) => b.kind !== 'transition').slice(0, MOST_MARKS)
}

/** Neighbours that are to be one mark, as one. */
function joined(pieces: readonly Piece[], isOne: (last: Piece, next: Piece) => boolean): Piece[] {
  const groups: Piece[][] = []
  for (const piece of pieces) {
    const group = groups[groups.length - 1]
    if (group && isOne(group[group.length - 1]!, piece)) group.push(piece)
    else groups.push([piece])
  }
  return groups.map((group) => ({
    ...(group.find(({ kind }) => kind === 'stage') ?? group[0]!),
    ids: group.flatMap(({ ids }) => ids),
    shape: group.reduce<Shape | null>((last, { shape }) => shape ?? last, null),
    copies: group.reduce((sum, { copies }) => sum + copies, 0),
    hasSkips: group.some(({ hasSkips }) => hasSkips),
    weight: greatest(group.map(({ weight }) => weight)),
  }))
}

function place(pieces: readonly Piece[]): Mark[] {
  const sides = pieces.map(({ shape }) => (shape?.length === 3 ? Math.max(shape[0]!, shape[1]!) : null))
  const channels = pieces.map(({ shape }) =>
    shape && shape.length > 0 ? Math.log2(Math.max(1, shape[shape.length - 1]!)) : null,
  )
  const most = Math.max(1, ...sides.map((side) => side ?? 1))
  const known = channels.filter((one) => one !== null)
  const [low, high] = [least(known), greatest(known)]
  const total = pieces.reduce((sum, { weight }) => sum + weight, 0)
  // A network of two layers is not two large walls.
  const unit = Math.min((THUMBNAIL.width - 2 * LEFT - GAP * (pieces.length - 1)) / total, 22)
  let x = Math.max(LEFT, (THUMBNAIL.width - unit * total - GAP * (pieces.length - 1)) / 2)
  return pieces.map(({ kind, shape, weight, copies }, index) => {
    const width = Math.max(1.5, weight * unit)
    const side = sides[index]!
    const share = side === null ? (shape ? 0.16 : 0.5) : Math.max(0.16, Math.sqrt(side / most))
    const height = kind === 'join' || kind === 'transition' ? Math.min(width, 16) : TALLEST * share
    const here = channels[index]!
    const mark: Mark = {
      kind,
      x: round(x),
      y: round(MIDDLE - height / 2),
      width: round(width),
      height: round(height),
      shade: here === null || high <= low ? 0.5 : round((here - low) / (high - low)),
      label: kind === 'stage' && copies > 1 ? `×${copies}` : '',
    }
    x += width + GAP
    return mark
  })
}

/** The skips of a stage's blocks: as many small arcs as blocks, up to three. */
function blockArcs(pieces: readonly Piece[], marks: readonly Mark[]): Arc[] {
  return pieces.flatMap(({ hasSkips, copies }, index) => {
    if (!hasSkips) return []
    const { x, y, width } = marks[index]!
    const count = Math.min(3, copies)
    const step = width / count
    return Array.from({ length: count }, (_, i) => ({
      from: round(x + i * step),
      to: round(x + (i + 1) * step),
      y,
      height: round(Math.min(7, step)),
    }))
  })
}

/** Ways around other nodes of the level that is drawn. */
function skips(nodes: readonly NetworkNode[], pieces: readonly Piece[], marks: readonly Mark[]): Arc[] {
  const markOf = new Map(pieces.flatMap(({ ids }, index) => ids.map((id) => [id, index] as const)))
  const top = (from: number, to: number): number => least(marks.slice(from, to + 1).map(({ y }) => y))
  return nodes.flatMap((node, index) =>
    (node.inputs ?? []).flatMap((source): Arc[] => {
      const to = markOf.get(node.id)!
      const from = source.startsWith('$input') ? -1 : (markOf.get(source) ?? to)
      if (to - from < 2 || (from === -1 && index === 0)) return []
      const end = (mark: Mark): number => mark.x + mark.width / 2
      return [
        {
          // What enters a block comes from the left of all.
          from: round(from < 0 ? Math.max(1, marks[0]!.x - 6) : end(marks[from]!)),
          to: round(end(marks[to]!)),
          y: top(Math.max(0, from), to),
          height: Math.min(12, 4 + (to - from)),
        },
      ]
    }),
  )
}

function inWords(pieces: readonly Piece[]): string {
  const stages = pieces.filter(({ kind }) => kind === 'stage')
  const transitions = pieces.filter(({ kind }) => kind === 'transition').length
  const count = (n: number, word: string): string => `${n} ${word}${n === 1 ? '' : 's'}`
  if (stages.length === 0) return count(pieces.length, 'layer')
  const copies = stages.map((stage) => `×${stage.copies}`).join(' ')
  return `${count(stages.length, 'stage')}, ${copies}${transitions > 0 ? `; ${count(transitions, 'transition')}` : ''}`
}

const round = (value: number): number => Math.round(value * 10) / 10
