import type { BlockNode, NetworkDocument, NetworkNode } from '../document'
import { DOCUMENT_VERSION } from '../document'
import { isGating } from '../../ops'
import { type BlockSegment, drawBlock, type DrawnBlock, nodeOf } from './block'
import { chainedConcatenations } from './concatenations'
import type { ForeignLayer } from './layer'
import { idsFor } from './name'
import { segmentsOf } from './segments'
import { shapesOf } from './shapes'

/** A block that stands for several stretches of the file's network. */
export interface FoldedBlock {
  /** `stage1.block`. */
  readonly path: string
  readonly copies: number
  /** Layers in one of them. */
  readonly layers: number
}

export interface Folded {
  readonly document: NetworkDocument
  /** Of each layer the name that it has in the network: `stage1.block2.conv1`. */
  readonly names: readonly string[]
  readonly blocks: readonly FoldedBlock[]
}

interface PlacedBlock extends DrawnBlock {
  /** A product joins it, of nothing that was added: a gate that no skip goes past, which is no residual block. */
  readonly isGate: boolean
  /** The shape that leaves it, or its sides alone: stages are cut where it changes. */
  readonly leaves: string | null
}

/**
 * Draws a network of another program as a document: what stands before the first fork as the stem, forks with their branches as blocks, equal ones behind one another as one block that is
 * repeated, in stages of the same shape, and the rest as single layers.
 *
 * @param given From one `input` to one `softmax-cross-entropy`, each behind its inputs.
 */
export function fold(given: readonly ForeignLayer[], name: string): Folded {
  const layers = chainedConcatenations(given)
  const shapes = shapesOf(layers)
  const segments = segmentsOf(layers)
  const first = segments.findIndex(({ kind }) => kind === 'block')
  const names: string[] = Array.from(layers, () => '')
  const nodes: NetworkNode[] = []
  const blocks: FoldedBlock[] = []

  // The stem: all layers before the first block, but for the input.
  const stem = segments.slice(0, Math.max(first, 0)).flatMap((segment) => (segment.kind === 'layer' ? [segment.layer] : []))
  const inner = stem.filter((at) => layers[at]!.kind !== 'input')
  const inStem = new Set(inner)
  const single = segments.flatMap((segment) => (segment.kind === 'layer' && !inStem.has(segment.layer) ? [segment.layer] : []))
  const words = idsFor(single.map((at) => layers[at]!))
  const singleIds = new Map(single.map((at, i) => [at, words[i]!]))
  const last = single.filter((at) => layers[at]!.kind === 'dense').pop()
  if (last !== undefined && [...singleIds.values()].filter((id) => id.startsWith('dense')).length === 1)
    singleIds.set(last, 'head')

  const putSingle = (at: number): void => {
    const id = singleIds.get(at)!
    nodes.push(chained(layers[at]!, id, nodes[nodes.length - 1]?.id))
    names[at] = id
  }
  if (first >= 0) {
    for (const at of stem) if (!inStem.has(at)) putSingle(at)
    if (inner.length > 0) {
      const ids = idsFor(inner.map((at) => layers[at]!))
      nodes.push({
        id: 'stem',
        kind: 'block',
        nodes: inner.map((at, i) => chained(layers[at]!, ids[i]!, ids[i - 1] ?? '$input')),
      })
      inner.forEach((at, i) => (names[at] = `stem.${ids[i]}`))
    }
  }
  let waiting: PlacedBlock[] = []
  let stages = 0
  const flush = (): void => {
    for (const stage of stagesOf(waiting)) nodes.push(drawStage(stage, `stage${++stages}`, names, blocks))
    waiting = []
  }
  for (const segment of segments.slice(Math.max(first, 0))) {
    if (segment.kind === 'block') {
      const drawn = drawBlock(layers, segment)
      const leaves = shapes[segment.layers[segment.layers.length - 1]!]
      // Blocks that add channels to those that enter them are of one stage as long as the image is of one size.
      const kept = layers[segment.join]!.kind === 'concatenate' ? leaves?.slice(0, -1) : leaves
      waiting.push({ ...drawn, isGate: isGate(layers, segment), leaves: kept ? kept.join('×') : null })
    } else {
      flush()
      putSingle(segment.layer)
    }
  }
  flush()
  return { document: { format: 'normlab/network', version: DOCUMENT_VERSION, name, nodes }, names, blocks }
}

/** A layer through which everything goes, and so does everything through the one before it, which may feed it more than once. */
const chained = (layer: ForeignLayer, id: string, before: string | undefined): NetworkNode =>
  nodeOf(layer, id, layer.inputs.length > 1 ? layer.inputs.map(() => before ?? '$input') : [before ?? '$input'], before)

/** Whether a product joins a segment, and what is weighed there was not added before: what comes in by a sigmoid only weighs. */
function isGate(layers: readonly ForeignLayer[], { layers: all, join }: BlockSegment): boolean {
  if (layers[join]!.kind !== 'multiply') return false
  const weighed = new Set([join])
  for (const at of [...all].reverse())
    if (weighed.has(at) && !isGating(layers[at]!.kind)) for (const input of layers[at]!.inputs) weighed.add(input)
  return !all.some((at) => weighed.has(at) && layers[at]!.kind === 'add')
}

/** Blocks behind one another, cut where the shape changes. */
function stagesOf(blocks: readonly PlacedBlock[]): PlacedBlock[][] {
  const stages: PlacedBlock[][] = []
  for (const block of blocks) {
    const last = stages[stages.length - 1]
    if (last && last[0]!.leaves === block.leaves) last.push(block)
    else stages.push([block])
  }
  return stages
}

/** One that stands once has its number in its name; the copies of one that is repeated get it when they are written out. */
const wordOfBlock = (at: number, copies: number, repeated: number): string =>
  copies === 1 ? `block${at + 1}` : repeated === 0 ? 'block' : `block${String.fromCharCode(64 + Math.min(repeated + 1, 26))}-`

/** Blocks of different forms that come round and round, such as an encoder's attention and MLP; not more of them than that. */
const LONGEST_ROUND = 4

/** How many blocks from here on come again behind one another, and how often; a round of one is none. */
function roundAt(blocks: readonly PlacedBlock[], at: number): { readonly length: number; readonly copies: number } {
  const signature = (place: number): string | undefined => blocks[place]?.signature
  if (signature(at) === signature(at + 1)) return { length: 1, copies: 1 }
  for (let length = 2; length <= LONGEST_ROUND; length++) {
    let end = at + length
    while (end < blocks.length && signature(end) === signature(end - length)) end++
    const copies = Math.floor((end - at) / length)
    if (copies > 1) return { length, copies }
  }
  return { length: 1, copies: 1 }
}

/** `attention` and `mlp`, as presets call an encoder's, where that is what they are. */
function idsOfRound(blocks: readonly PlacedBlock[]): string[] {
  const attends = blocks.map(({ nodes }) => nodes.some(({ kind }) => kind === 'attention'))
  return blocks.length === 2 && attends[0] !== attends[1]
    ? attends.map((isAttention) => (isAttention ? 'attention' : 'mlp'))
    : blocks.map((_, i) => `part${i + 1}`)
}

/** A gate is measured as no block. */
const blockOf = (id: string, { isGate, nodes }: PlacedBlock): BlockNode => ({
  ...{ id, kind: 'block', ...(!isGate && { unit: 'block' }), nodes },
})

/** Equal blocks that follow one another as one that is repeated; they are numbered through the stage. */
function drawStage(blocks: readonly PlacedBlock[], id: string, names: string[], folded: FoldedBlock[]): BlockNode {
  const nodes: BlockNode[] = []
  let repeated = 0
  for (let at = 0; at < blocks.length;) {
    const round = roundAt(blocks, at)
    if (round.length > 1) {
      const word = wordOfBlock(at, round.copies, repeated++)
      const inner = idsOfRound(blocks.slice(at, at + round.length))
      nodes.push({
        ...{ id: word, kind: 'block', repeat: round.copies, ...(at > 0 && { first: at + 1 }) },
        nodes: inner.map((id, i) => blockOf(id, blocks[at + i]!)),
      })
      for (let copy = 0; copy < round.copies; copy++)
        for (const [i, within] of inner.entries())
          for (const [layer, path] of blocks[at + copy * round.length + i]!.paths)
            names[layer] = `${id}.${word}${at + copy + 1}.${within}.${path}`
      for (const [i, within] of inner.entries())
        folded.push({ path: `${id}.${word}.${within}`, copies: round.copies, layers: blocks[at + i]!.paths.size })
      at += round.copies * round.length
      continue
    }
    const { signature } = blocks[at]!
    let end = at + 1
    while (end < blocks.length && blocks[end]!.signature === signature) end++
    const count = end - at
    const word = wordOfBlock(at, count, count === 1 ? 0 : repeated++)
    nodes.push({
      ...blockOf(word, blocks[at]!),
      ...(count > 1 && { repeat: count, ...(at > 0 && { first: at + 1 }) }),
    })
    for (let i = at; i < end; i++) {
      const path = `${id}.${count === 1 ? word : word + String(i + 1)}`
      for (const [layer, within] of blocks[i]!.paths) names[layer] = `${path}.${within}`
    }
    folded.push({ path: `${id}.${word}`, copies: count, layers: blocks[at]!.paths.size })
    at = end
  }
  return { id, kind: 'block', nodes }
}
