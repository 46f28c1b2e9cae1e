import type { LayerNode, NetworkDocument, NetworkNode } from '../document'
import { bnRelu } from '../presets/pieces'
import { freeId, inputsAt, isBlock, letLeave, numberOf, outputOf, putAt, takeOut, takersOf } from './connections'
import { isActivation, isNorm } from './residual'
import { duplicates } from './transition'

/** The beginning of a network: its first convolution, and what stands behind it up to the first block. */
export interface Stem {
  /** The list that the convolution lies in: a block's, or the document's. */
  readonly list: NetworkNode[]
  readonly isInBlock: boolean
  readonly convolution: LayerNode
  /** What is the unit where the stem counts as one. */
  readonly unit: NetworkNode
}

/** The stem of a network: a block or a convolution that takes the input. Null where it begins otherwise. */
export function stemOf({ nodes }: NetworkDocument): Stem | null {
  const input = nodes.find(({ kind }) => kind === 'input')
  const first = nodes.filter((_, i) => inputsAt(nodes, i, false)[0] === input?.id)
  const [node] = first
  if (!node || first.length > 1) return null
  if (!isBlock(node) && node.kind === 'conv2d') return { list: nodes, isInBlock: false, convolution: node, unit: node }
  if (!isBlock(node) || node.repeat !== undefined || (node.unit !== undefined && node.unit !== 'stem')) return null
  const [convolution] = takersOf(node.nodes, '$input', true)
  return convolution && !isBlock(convolution) && convolution.kind === 'conv2d'
    ? { list: node.nodes, isInBlock: true, convolution, unit: node }
    : null
}

/** The layers behind the stem's convolution that belong to it: norms, activations and copies of the channels, in a chain. */
export function behindConvolution({ list, isInBlock, convolution }: Stem): NetworkNode[] {
  const found: NetworkNode[] = []
  for (let last: NetworkNode = convolution; ;) {
    const [next, ...more] = takersOf(list, last.id, isInBlock)
    if (!next || more.length > 0 || next.unit !== undefined || found.includes(next)) return found
    if (!isNorm(next) && !isActivation(next) && next.kind !== 'duplicate') return found
    found.push(next)
    last = next
  }
}

/** Channels of the convolution, and how often they are copied behind it. */
export function stemWidth(stem: Stem): { filters: number; times: number } {
  const copies = behindConvolution(stem).filter(({ kind }) => kind === 'duplicate')
  return {
    filters: numberOf(stem.convolution, 'filters'),
    times: copies.reduce((product, node) => product * numberOf(node, 'times'), 1),
  }
}

/** Gives the stem as many filters, and so many copies of them, in place. */
export function setStemWidth(stem: Stem, filters: number, times: number): void {
  stem.convolution.attributes = { ...stem.convolution.attributes, filters }
  if (stemWidth(stem).times === times) return
  for (const node of behindConvolution(stem)) if (node.kind === 'duplicate') drop(stem, node)
  for (const copy of duplicates(times)) putLast(stem, copy)
}

/** Takes one of the layers behind the convolution out. */
const drop = ({ list, unit }: Stem, node: NetworkNode): void => takeOut({ list, owner: isBlock(unit) ? unit : null }, node)

/** Puts a layer behind the stem's last. */
function putLast(stem: Stem, node: NetworkNode): void {
  const { list, isInBlock, convolution } = stem
  const last = behindConvolution(stem).pop() ?? convolution
  const index = list.indexOf(last)
  node.id = freeId(list, node.id)
  node.inputs = [last.id]
  const takers = takersOf(list, last.id, isInBlock)
  for (const taker of takers)
    taker.inputs = inputsAt(list, list.indexOf(taker), isInBlock).map((from) => (from === last.id ? node.id : from))
  const isOutput = isBlock(stem.unit) && outputOf(stem.unit) === last.id
  putAt(list, index + 1, node, isInBlock)
  for (const taker of takers) if (list.indexOf(taker) === index + 2 && taker.inputs?.length === 1) delete taker.inputs
  if (isOutput) letLeave(stem.unit, node.id)
}

/** Takes norm and activation off the stem, in place: its convolution stands bare, as in the paper. */
export function bare(stem: Stem): void {
  for (const node of behindConvolution(stem)) if (isNorm(node) || isActivation(node)) drop(stem, node)
}

/** Gives a bare stem norm and activation, in place. */
export function dress(stem: Stem): void {
  if (behindConvolution(stem).some((node) => isNorm(node) || isActivation(node))) return
  for (const node of bnRelu()) putLast(stem, node)
}

/** Counts the stem as a unit, or no longer, in place. */
export function setStemUnit(stem: Stem, isUnit: boolean): void {
  if (isUnit) stem.unit.unit = 'stem'
  else if (stem.unit.unit === 'stem') delete stem.unit.unit
}
