import { isActivation, isNorm } from '../../ops'
import type { LayerNode, NetworkNode } from '../document'
import { block, bnRelu, conv, layer } from '../presets/pieces'
import { isBlock, numberOf } from './connections'
import { isConvolution, layersIn } from './residual'

/** What stands between two stages: learned with norm and activation, a bare convolution that can be projected, L2 pooling, or none of them. */
export type TransitionKind = 'learned' | 'projectable' | 'l2-pooling' | 'none'

const shrinking: readonly string[] = ['average-pool', 'max-pool', 'l2-pool', 'duplicate', 'conv2d', 'depthwise-conv2d']

/** Which kind of transition a node is, by the layers in it. */
export function transitionKind(node: NetworkNode): TransitionKind {
  const layers = layersIn([node])
  const isBare = layers.length === 1 && layers[0]!.kind === 'conv2d' && numberOf(layers[0]!, 'groups') === 1
  if (isBare) return 'projectable'
  if (layers.every(({ kind }) => kind === 'l2-pool' || kind === 'duplicate')) return 'l2-pooling'
  return layers.some(isConvolution) && layers.every(({ kind }) => shrinking.includes(kind) || isPointwise(kind))
    ? 'learned'
    : 'none'
}

const isPointwise = (kind: string): boolean => isActivation(kind) || isNorm(kind) || kind === 'dropout'

/** Pixels from one of the values that leave a transition to the next, counted where they enter. */
export const transitionStride = (node: NetworkNode): number =>
  layersIn([node]).reduce((product, at) => product * numberOf(at, at.kind === 'l2-pool' ? 'size' : 'stride'), 1)

/** Copies of the channels: doublings, as the paper's first version has them, where the number is a power of two; else one layer. */
export function duplicates(times: number): LayerNode[] {
  const doublings = Math.log2(times)
  if (times === 1) return []
  if (!Number.isInteger(doublings) || times === 2) return [duplicate('duplicate', times)]
  return Array.from({ length: doublings }, (_, i) => duplicate(`duplicate${i + 1}`, 2))
}

const duplicate = (id: string, times: number): LayerNode => layer(id, 'duplicate', times === 2 ? {} : { times })

/** A bare 1×1 convolution: the paper's transition from its second version on. */
export const bareConvolution = (channels: number, stride: number): NetworkNode[] => [conv('conv', channels, 1, stride)]

/** L2 pooling, and copies of the channels: the transition of its first version. @param times A whole number. */
export const l2Pooling = (stride: number, times: number): NetworkNode[] => [
  ...(stride === 1 ? [] : [layer('pool', 'l2-pool', stride === 2 ? {} : { size: stride })]),
  ...(times === 1 ? [] : [duplicate('duplicate', times)]),
]

/** DenseNet's own (Huang et al. 2017). */
export const normedConvolution = (channels: number, stride: number): NetworkNode[] => [
  ...bnRelu(),
  conv('conv', channels, 1),
  layer('pool', 'average-pool', stride === 2 ? {} : { size: stride, stride }),
]

/** Gives a transition other contents, in place of the node in its list; its name and where it stands stay. */
export function refill(list: NetworkNode[], node: NetworkNode, contents: NetworkNode[]): NetworkNode {
  if (isBlock(node)) {
    delete node.output
    node.nodes = contents
    return node
  }
  const { id, inputs, at, unit } = node
  const refilled = block(id, contents, { ...(inputs && { inputs }), ...(at && { at }), ...(unit && { unit }) })
  list[list.indexOf(node)] = refilled
  return refilled
}
