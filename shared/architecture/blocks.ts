import type { NetworkNode } from './document'
import { denseTransition, denseUnit } from './presets/densenet'
import { block, bnRelu, bottleneck, conv, endBlock, headNodes, layer } from './presets/pieces'
import { plainBlock } from './presets/plain'
import { basicBlock } from './presets/preact-resnet'
import { bottleneckBlock, postActivationBlock } from './presets/resnet'
import { denseBlock } from './presets/residual-mlp'
import { groupedBlock } from './presets/resnext'
import { gateBlock } from './presets/se-resnet'
import { attentionSublayer, mlpSublayer, patchNodes, type Sublayers } from './presets/vit'

/** A piece of the literature's networks, ready to be put into one. */
export interface ReadyBlock {
  /** `basic-block` */
  readonly name: string
  readonly title: string
  readonly category: 'Residual blocks' | 'Transitions' | 'Stems and heads'
  /** One sentence, with its source. */
  readonly description: string
  /** Further words that a search finds it by. */
  readonly words: string
  /** Channels that it is made with where those that enter are known; null where it has no width to choose. */
  readonly width: ((channels: number) => number) | null
  /**
   * Its nodes, in a chain: most are one block.
   *
   * @param channels Those that will enter it; null where that is not known, and 16 are taken.
   * @param width Other channels than `width` gives. Identity skips fit only where they are those that enter.
   */
  create(channels: number | null, width?: number): NetworkNode[]
}

/** Where nobody knows what enters: the width of a network's first stage as the presets have it. */
const USUAL_CHANNELS = 16

interface Recipe extends Pick<ReadyBlock, 'name' | 'title' | 'description' | 'words'> {
  readonly width?: (channels: number) => number
  readonly nodes: (channels: number, width: number) => NetworkNode[]
}

const ready =
  (category: ReadyBlock['category']) =>
  ({ width, nodes, ...said }: Recipe): ReadyBlock => ({
    ...said,
    category,
    width: width ?? null,
    create: (channels, chosen) => {
      const entering = channels ?? USUAL_CHANNELS
      return nodes(entering, chosen ?? width?.(entering) ?? entering)
    },
  })

const same = (channels: number): number => channels
const twice = (channels: number): number => 2 * channels

const unitBlock = (nodes: NetworkNode[]): NetworkNode[] => [block('block', nodes, { unit: 'block' })]
const transition = (nodes: NetworkNode[]): NetworkNode[] => [block('transition', nodes, { unit: 'transition' })]

/** A bottleneck for any width, a quarter of it inside: the presets' are for multiples of four. */
const ofWidth = (make: (planes: number) => NetworkNode[], width: number): NetworkNode[] =>
  make(Math.max(Math.floor(width / 4), 1)).map((node) =>
    node.id === 'conv3' ? { ...node, attributes: { filters: width, size: 1 } } : node,
  )

/** ResNeXt-29's proportions: the inside twice as wide as the outside, in eight groups where they divide it. */
const ofGroups = (width: number): NetworkNode[] =>
  groupedBlock(2 * width, width, [8, 4].find((groups) => (2 * width) % groups === 0) ?? 2, 1, false)

/** A sublayer of a Transformer with its norm before it, for any width. */
const preNormed = (make: (form: Sublayers) => NetworkNode[], width: number): NetworkNode[] => {
  const heads = [4, 3, 2, 1].find((count) => width % count === 0)!
  return make({ placement: 'pre', norm: 'layer', width, heads, hidden: 4 * width, depth: 1 })
}

const residualBlocks: readonly Recipe[] = [
  {
    name: 'basic-block',
    title: 'Basic block',
    description: 'Two 3×3 convolutions with an identity skip and the ReLU after the sum (He et al. 2015).',
    words: 'resnet residual post-activation skip',
    width: same,
    nodes: (_, width) => unitBlock(postActivationBlock(width, 1, 'none')),
  },
  {
    name: 'basic-block-projection',
    title: 'Basic block, stride 2',
    description: 'A basic block that halves the image and doubles the channels, with a 1×1 shortcut (He et al. 2015, option B).',
    words: 'resnet residual post-activation projection shortcut downsample',
    width: twice,
    nodes: (_, width) => unitBlock(postActivationBlock(width, 2, 'projection')),
  },
  {
    name: 'preact-basic-block',
    title: 'Pre-activation basic block',
    description: 'BN-ReLU before each of two 3×3 convolutions, and an identity skip (He et al. 2016).',
    words: 'resnet residual preactivation skip',
    width: same,
    nodes: (_, width) => unitBlock(basicBlock(width, 1, false)),
  },
  {
    name: 'preact-bottleneck',
    title: 'Pre-activation bottleneck',
    description: 'BN-ReLU before 1×1, 3×3 and 1×1 convolutions, and an identity skip (He et al. 2016): the block of ProcResNet.',
    words: 'resnet residual preactivation procresnet skip',
    width: same,
    nodes: (_, width) => unitBlock(ofWidth(bottleneck, width)),
  },
  {
    name: 'bottleneck',
    title: 'Bottleneck',
    description: '1×1, 3×3 and 1×1 convolutions with an identity skip and the ReLU after the sum (He et al. 2015).',
    words: 'resnet residual post-activation skip',
    width: same,
    nodes: (_, width) => unitBlock(ofWidth((planes) => bottleneckBlock(planes, 1, 'none'), width)),
  },
  {
    name: 'resnext-block',
    title: 'ResNeXt block',
    description: 'A bottleneck whose 3×3 convolution is cut into groups (Xie et al. 2017).',
    words: 'resnext residual grouped cardinality skip',
    width: same,
    nodes: (_, width) => unitBlock(ofGroups(width)),
  },
  {
    name: 'gate',
    title: 'Squeeze and excitation',
    description: 'Weighs each channel by what a gate makes of the means of all: two dense layers and a sigmoid (Hu et al. 2018).',
    words: 'se senet gate channel attention',
    nodes: (channels) => [gateBlock(channels, 16)],
  },
  {
    name: 'dense-unit',
    title: 'Dense unit',
    description: 'BN-ReLU-1×1, BN-ReLU-3×3, concatenated after the input: a layer of DenseNet-BC (Huang et al. 2017).',
    words: 'densenet concatenate growth skip',
    width: () => 12,
    nodes: (_, growth) => unitBlock(denseUnit(growth, true)),
  },
  {
    name: 'mlp-block',
    title: 'Dense residual block',
    description:
      'BN-ReLU before each of two dense layers, and an identity skip (He et al. 2016, dense in place of convolutions).',
    words: 'residual mlp vector feed-forward preactivation skip',
    width: same,
    nodes: (_, width) => unitBlock(denseBlock(width, 'batch', true)),
  },
  {
    name: 'attention-block',
    title: 'Attention block',
    description: 'Multi-head self-attention behind a norm of each token, and an identity skip (pre-LN: Xiong et al. 2020).',
    words: 'transformer vit encoder self-attention sublayer skip',
    width: same,
    nodes: (_, width) => unitBlock(preNormed(attentionSublayer, width)),
  },
  {
    name: 'token-mlp-block',
    title: 'Token MLP block',
    description:
      'Two dense layers on each token with a GELU between, behind a norm, and an identity skip (pre-LN: Xiong et al. 2020).',
    words: 'transformer vit encoder feed-forward ffn sublayer skip',
    width: same,
    nodes: (_, width) => unitBlock(preNormed(mlpSublayer, width)),
  },
  {
    name: 'plain-block',
    title: 'Plain block',
    description:
      'Two 3×3 convolutions with batch norm and ReLU and no skip: what residual blocks are held against (He et al. 2015).',
    words: 'plain vgg no skip',
    width: same,
    nodes: (_, width) => unitBlock(plainBlock(width, 1)),
  },
]

const transitions: readonly Recipe[] = [
  {
    name: 'projected-transition',
    title: 'Projected transition',
    description: 'A bare 1×1 convolution of stride 2 to be projected as it trains (arXiv 1805.07477v5).',
    words: 'procresnet procrustes downsample norm-preserving',
    width: twice,
    nodes: (_, width) => transition([conv('conv', width, 1, 2)]),
  },
  {
    name: 'l2-transition',
    title: 'L2-pooling transition',
    description: 'L2 pooling and a duplication of the channels, with nothing to learn (arXiv 1805.07477v1).',
    words: 'procresnet downsample duplicate norm-preserving',
    nodes: () => transition([layer('pool', 'l2-pool'), layer('duplicate', 'duplicate')]),
  },
  {
    name: 'dense-transition',
    title: 'DenseNet transition',
    description: 'BN-ReLU-1×1 to half the channels, and average pooling (Huang et al. 2017).',
    words: 'densenet compression downsample',
    width: (channels) => Math.max(Math.floor(channels / 2), 1),
    nodes: (_, width) => transition(denseTransition('average', width)),
  },
]

const ends: readonly Recipe[] = [
  {
    name: 'bare-stem',
    title: 'Bare stem',
    description: 'A 3×3 convolution that counts as a unit, to be projected with the transitions (arXiv 1805.07477v5).',
    words: 'start beginning procresnet first',
    width: () => USUAL_CHANNELS,
    nodes: (_, width) => [block('stem', [conv('conv', width, 3)], { unit: 'stem' })],
  },
  {
    name: 'stem',
    title: 'Stem',
    description: 'A 3×3 convolution with batch norm and ReLU: how ResNets for small images begin (He et al. 2015).',
    words: 'start beginning resnet first',
    width: () => USUAL_CHANNELS,
    nodes: (_, width) => [block('stem', [conv('conv', width, 3), ...bnRelu()])],
  },
  {
    name: 'patch-stem',
    title: 'Patches and positions',
    description: 'A convolution that makes a token of each patch of 4×4 pixels, and learned positions (Dosovitskiy et al. 2021).',
    words: 'start beginning transformer vit tokens embedding first',
    width: () => 64,
    nodes: (_, width) => [block('stem', patchNodes(width, 4))],
  },
  {
    name: 'end',
    title: 'Last BN-ReLU',
    description: 'The batch norm and ReLU that close a pre-activation network (He et al. 2016).',
    words: 'end preactivation',
    nodes: () => [endBlock()],
  },
  {
    name: 'head',
    title: 'Head',
    description: 'Global average pooling, a dense layer to ten classes, and the loss (He et al. 2015).',
    words: 'end output classifier softmax cross-entropy',
    nodes: () => [layer('pool', 'global-average-pool'), ...headNodes(10)],
  },
]

/** The ready blocks, in the palette's order. */
export const readyBlocks: readonly ReadyBlock[] = [
  ...residualBlocks.map(ready('Residual blocks')),
  ...transitions.map(ready('Transitions')),
  ...ends.map(ready('Stems and heads')),
]
