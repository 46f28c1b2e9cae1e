import { UserError } from '../../errors'
import type { BlockNode, LayerNode, NetworkNode } from '../document'

/** The pieces of which the presets are built. Nodes follow one another unless they name their inputs. */

export const layer = (id: string, kind: string, attributes: Record<string, unknown> = {}, inputs?: string[]): LayerNode => ({
  id,
  kind,
  ...(Object.keys(attributes).length > 0 && { attributes }),
  ...(inputs && { inputs }),
})

export const conv = (id: string, filters: number, size: number, stride = 1, inputs?: string[]): LayerNode =>
  layer(id, 'conv2d', { filters, size, ...(stride !== 1 && { stride }) }, inputs)

export const block = (
  id: string,
  nodes: NetworkNode[],
  options: Partial<Omit<BlockNode, 'id' | 'kind' | 'nodes'>> = {},
): BlockNode => ({
  id,
  kind: 'block',
  ...options,
  nodes,
})

/** The same nodes, their convolutions of more than one pixel padded symmetrically where that is asked for. */
export function padded(padding: string, nodes: NetworkNode[]): NetworkNode[] {
  if (padding === 'same') return nodes
  return nodes.map((node): NetworkNode => {
    if (node.kind === 'block') return { ...(node as BlockNode), nodes: padded(padding, (node as BlockNode).nodes) }
    const { attributes } = node as LayerNode
    return node.kind === 'conv2d' && attributes?.['size'] !== 1
      ? ({ ...node, attributes: { ...attributes, padding } } as LayerNode)
      : node
  })
}

/**
 * The same nodes with orthogonal convolutions in place of all others, where that is asked for: their kernels are as large as their strides at least, so that
 * no pixel is passed over.
 */
export function convolutionsAs(how: string, nodes: NetworkNode[]): NetworkNode[] {
  if (how === 'free') return nodes
  return nodes.map((node): NetworkNode => {
    if (node.kind === 'block') return { ...(node as BlockNode), nodes: convolutionsAs(how, (node as BlockNode).nodes) }
    if (node.kind !== 'conv2d') return node
    const { attributes: given } = node as LayerNode
    if (given?.['padding'] === 'symmetric')
      throw new UserError('orthogonal convolutions wrap around the image, and have no padding', {
        remedy: 'leave out padding=symmetric, or convolutions=orthogonal',
      })
    const { filters, size, stride, bias } = given as Record<string, number | undefined>
    const attributes = {
      ...{ filters, size: Math.max(size ?? 3, stride ?? 1) },
      ...(stride !== undefined && { stride }),
      ...(bias !== undefined && { bias }),
    }
    return { ...node, kind: 'orthogonal-conv2d', attributes } as LayerNode
  })
}

/** A chain of equal blocks, from number `first`; nothing where there are none. */
export const chain = (id: string, count: number, nodes: NetworkNode[], first = 1): NetworkNode[] =>
  count < 1 ? [] : [block(id, nodes, { unit: 'block', repeat: count, ...(first !== 1 && { first }) })]

/** Batch norm and ReLU of the same number: bn1, relu1. */
export const bnRelu = (number: number | '' = '', inputs?: string[]): LayerNode[] => [
  layer(`bn${number}`, 'batch-norm', {}, inputs),
  layer(`relu${number}`, 'relu'),
]

export const inputNode = ([height, width, channels]: readonly [number, number, number]): LayerNode =>
  layer('input', 'input', { height, width, channels })

/** Dense layer to the classes, and the loss. */
export const headNodes = (classes: number): LayerNode[] => [
  layer('head', 'dense', { units: classes }),
  layer('loss', 'softmax-cross-entropy'),
]

/** The last batch norm and ReLU of a pre-activation network. */
export const endBlock = (): BlockNode => block('end', bnRelu())

/** Pre-activation bottleneck with an identity skip (He et al. 2016): BN-ReLU-1×1, BN-ReLU-3×3, BN-ReLU-1×1 to 4·planes. */
export const bottleneck = (planes: number, multiplier: readonly LayerNode[] = []): NetworkNode[] => [
  ...bnRelu(1, ['$input']),
  conv('conv1', planes, 1),
  ...bnRelu(2),
  conv('conv2', planes, 3),
  ...bnRelu(3),
  conv('conv3', 4 * planes, 1),
  ...multiplier,
  layer('add', 'add', {}, ['$input', multiplier.length > 0 ? 'multiplier' : 'conv3']),
]
