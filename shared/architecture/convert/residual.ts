import { UserError } from '../../errors'
import { isActivation as isActivationKind, isNorm as isNormKind } from '../../ops'
import type { BlockNode, LayerNode, NetworkNode } from '../document'
import { bnRelu, block, conv, layer } from '../presets/pieces'
import { freeId, inFlow, inputsAt, isBlock, leaveUnsaid, numberOf, outputOf, putAt, reachingBack } from './connections'

/** A residual block, taken apart: the sum of a skip and one or more branches. */
export interface ResidualParts {
  readonly add: LayerNode
  /** Which of the sum's inputs is the skip. */
  readonly skipInput: number
  /** `identity` where the block's input itself is added. */
  readonly skip: 'identity' | 'shortcut'
  /** What is on the skip alone; none on an identity. */
  readonly shortcut: readonly NetworkNode[]
  /** What is on the branches, each node behind its inputs. */
  readonly branch: readonly NetworkNode[]
}

const convolutions: readonly string[] = ['conv2d', 'depthwise-conv2d']

export const isConvolution = ({ kind }: NetworkNode): boolean => convolutions.includes(kind)
export const isNorm = ({ kind }: NetworkNode): boolean => isNormKind(kind)
export const isActivation = ({ kind }: NetworkNode): boolean => isActivationKind(kind)

/** All layers among nodes and in the blocks among them; in a block so that each follows its inputs. */
export const layersIn = (nodes: readonly NetworkNode[]): LayerNode[] =>
  nodes.flatMap((node) => (isBlock(node) ? layersIn(inFlow(node.nodes, true)) : [node]))

/**
 * The parts of a residual block: of its sums the first that adds the block's input itself, else the first that adds a shortcut to a
 * branch. A shortcut has at most one convolution, and fewer than the branch. Null where the block has neither.
 */
export function residualParts({ nodes }: BlockNode): ResidualParts | null {
  const sums = nodes.filter((node): node is LayerNode => node.kind === 'add')
  const inputsOf = (add: LayerNode): string[] => inputsAt(nodes, nodes.indexOf(add), true)
  for (const add of sums) {
    const skipInput = inputsOf(add).indexOf('$input')
    if (skipInput >= 0 && inputsOf(add).length > 1) return partsOf(nodes, add, skipInput, 'identity')
  }
  for (const add of sums) {
    const inputs = inputsOf(add)
    const counts = inputs.map((_, i) => layersIn(partsOf(nodes, add, i, 'shortcut').shortcut).filter(isConvolution).length)
    const skipInput = counts.indexOf(Math.min(...counts))
    const parts = partsOf(nodes, add, skipInput, 'shortcut')
    const isOnlyFewest = counts.filter((count) => count === counts[skipInput]).length === 1
    const isShortcut = isOnlyFewest && counts[skipInput]! <= 1 && parts.shortcut.length > 0
    if (inputs.length > 1 && isShortcut && !isOfChannels(parts)) return parts
  }
  return null
}

/** Whether what is added reads some of the channels each: the sum is one part of the value beside another one, and nothing goes past a branch. */
const isOfChannels = ({ shortcut, branch }: ResidualParts): boolean =>
  [shortcut, branch].every((nodes) => layersIn(nodes).some(({ kind }) => kind === 'channels'))

function partsOf(nodes: readonly NetworkNode[], add: LayerNode, skipInput: number, skip: ResidualParts['skip']): ResidualParts {
  const inputs = inputsAt(nodes, nodes.indexOf(add), true)
  const onBranch = reachingBack(
    nodes,
    inputs.filter((_, i) => i !== skipInput),
  )
  const onSkip = reachingBack(nodes, [inputs[skipInput]!])
  return {
    add,
    skipInput,
    skip,
    shortcut: nodes.filter(({ id }) => onSkip.has(id) && !onBranch.has(id)),
    branch: inFlow(nodes, true).filter(({ id }) => onBranch.has(id)),
  }
}

/** What comes after the sum (He et al. 2015, Vaswani et al. 2017), where something does, rather than before the weights (He et al. 2016). */
export function behindSum(block: BlockNode): 'activation' | 'norm' | null {
  const parts = residualParts(block)
  if (!parts || outputOf(block) === parts.add.id) return null
  const behind = reachingBack(block.nodes, [outputOf(block)])
  const next = block.nodes.filter((node, i) => behind.has(node.id) && inputsAt(block.nodes, i, true).includes(parts.add.id))
  return next.some(isActivation) ? 'activation' : next.some(isNorm) ? 'norm' : null
}

/** Whether the activation comes after the sum rather than before the convolutions. */
export const isPostActivation = (block: BlockNode): boolean => behindSum(block) === 'activation'

/** Channels inside a bottleneck: a branch of at least three convolutions that begins with a 1×1. Null for other blocks. */
export function bottleneckWidth(block: BlockNode): number | null {
  const found = layersIn(residualParts(block)?.branch ?? []).filter(isConvolution)
  const [first] = found
  return found.length >= 3 && first?.kind === 'conv2d' && numberOf(first, 'size') === 1 ? numberOf(first, 'filters') : null
}

/** The product of the strides on the branch that a sum's first branch input comes from. */
export function strideOf(block: BlockNode): number {
  const parts = residualParts(block)
  if (!parts) return 1
  return branchesOf(block, parts)[0]!.reduce((product, node) => product * strideIn(node), 1)
}

const strideIn = (node: LayerNode): number => {
  if (node.kind === 'l2-pool') return numberOf(node, 'size')
  return numberOf(node, 'stride')
}

/** The layers of each branch apart. */
const branchesOf = ({ nodes }: BlockNode, { add, skipInput }: ResidualParts): LayerNode[][] =>
  inputsAt(nodes, nodes.indexOf(add), true)
    .filter((_, i) => i !== skipInput)
    .map((input) => {
      const reached = reachingBack(nodes, [input])
      return layersIn(inFlow(nodes, true).filter(({ id }) => reached.has(id)))
    })

/**
 * Makes the skip the identity and takes the strides out of the branch, in place. The shape of what enters must then be that of what leaves.
 *
 * @throws UserError where the branch shrinks the image otherwise than by a convolution's stride.
 */
export function makeIdentity(block: BlockNode, place: string): void {
  const parts = residualParts(block)!
  for (const node of layersIn(parts.branch)) {
    if (strideIn(node) === 1) continue
    if (!isConvolution(node))
      throw new UserError(`its branch shrinks the image with a layer “${node.kind}”`, {
        place,
        remedy: 'shrink it with the stride of a convolution',
      })
    const { stride: _, ...attributes } = node.attributes ?? {}
    node.attributes = attributes
  }
  if (parts.skip === 'identity') return
  const { nodes } = block
  const inputs = inputsAt(nodes, nodes.indexOf(parts.add), true)
  // Whatever follows the shortcut's nodes in the list without saying so must say so before they go.
  const kept = nodes.filter((node) => !parts.shortcut.includes(node))
  for (const node of kept) node.inputs = inputsAt(nodes, nodes.indexOf(node), true)
  parts.add.inputs = inputs.map((input, i) => (i === parts.skipInput ? '$input' : input))
  nodes.splice(0, nodes.length, ...kept)
  tidy(nodes, parts.add)
}

/** Presets say the inputs of a block's first node and of its sum; those of the rest follow from the order. */
function tidy(nodes: NetworkNode[], add: NetworkNode): void {
  for (const node of nodes.slice(1)) if (node !== add) leaveUnsaid(nodes, node, true)
}

/**
 * Gives an identity block a learned shortcut that changes the shape, and its branches the stride, in place. After He et al.: 1×1 with
 * batch norm where the activation follows the sum; BN-ReLU-1×1 of its own in a pre-activation bottleneck, as the paper's baseline
 * has it; in a basic one a 1×1 that takes what the first convolution takes.
 *
 * @throws UserError where a branch has no convolution to give the stride to.
 */
export function makeShortcut(block: BlockNode, channels: number, stride: number, place: string): void {
  const parts = residualParts(block)!
  const { nodes } = block
  if (stride !== 1)
    for (const branch of branchesOf(block, parts)) {
      const candidates = branch.filter(isConvolution)
      // In a bottleneck the 3×3 takes the stride: a 1×1 would drop pixels unseen.
      const strided = candidates.find((node) => numberOf(node, 'size') > 1) ?? candidates[0]
      if (!strided)
        throw new UserError('its branch has no convolution to shrink the image with', {
          place,
          remedy: 'add a convolution to it',
        })
      strided.attributes = { ...strided.attributes, stride }
    }
  const inputs = inputsAt(nodes, nodes.indexOf(parts.add), true)
  const shortcut = shortcutBlock(block, parts, channels, stride)
  putAt(nodes, nodes.indexOf(parts.add), shortcut, true)
  parts.add.inputs = inputs.map((input, i) => (i === parts.skipInput ? shortcut.id : input))
}

function shortcutBlock(of: BlockNode, { branch }: ResidualParts, channels: number, stride: number): BlockNode {
  const id = freeId(of.nodes, 'shortcut')
  const projection = conv('conv', channels, 1, stride)
  if (isPostActivation(of)) return block(id, [projection, layer('bn', 'batch-norm')], { inputs: ['$input'] })
  if (bottleneckWidth(of) !== null) return block(id, [...bnRelu(), projection], { inputs: ['$input'] })
  const first = branch.findIndex((node) => isConvolution(node) || isBlock(node))
  const entering = first < 0 ? '$input' : inputsAt(of.nodes, of.nodes.indexOf(branch[first]!), true)[0]!
  return block(id, [projection], { inputs: [entering] })
}
