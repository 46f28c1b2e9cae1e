import type { NetworkNode } from '../document'
import { block, bnRelu, chain, conv, endBlock, headNodes, inputNode, layer } from './pieces'
import { blocksOption, type OptionSpec, plainRecipe, type Preset, type PresetOptions } from './preset'

export type DenseTransition = 'average' | 'l2' | 'projected'

/** A DenseNet layer: BN-ReLU-3×3(growth), in BC after BN-ReLU-1×1(4·growth), concatenated after its input (Huang et al. 2017). */
export const denseUnit = (growth: number, hasBottleneck: boolean): NetworkNode[] => {
  const last = hasBottleneck ? 'conv2' : 'conv1'
  return [
    ...bnRelu(1, ['$input']),
    ...(hasBottleneck ? [conv('conv1', 4 * growth, 1), ...bnRelu(2)] : []),
    conv(last, growth, 3),
    layer('concatenate', 'concatenate', {}, ['$input', last]),
  ]
}

/**
 * Between two stages: BN-ReLU-1×1 and average pooling as published; or one that keeps the gradient's norm, as arXiv 1805.07477 has it
 * for ResNets: L2 pooling, with nothing to learn and all channels kept, or a bare 1×1 convolution of stride 2 to be projected.
 */
export function denseTransition(kind: DenseTransition, channels: number): NetworkNode[] {
  if (kind === 'l2') return [layer('pool', 'l2-pool')]
  if (kind === 'projected') return [conv('conv', channels, 1, 2)]
  return [...bnRelu(), conv('conv', channels, 1), layer('pool', 'average-pool')]
}

function nodes({ input, classes, number, decimal, word }: PresetOptions, hasBottleneck: boolean): NetworkNode[] {
  const [growth, blocks, compression] = [number('growth'), number('blocks'), decimal('compression')]
  const kind = word('transitions') as DenseTransition
  // 16 as published without bottlenecks, twice the growth with them.
  const stem = hasBottleneck ? 2 * growth : 16
  let channels = stem
  const stages = Array.from({ length: number('stages') }, (_, s): NetworkNode[] => {
    const leaving = kind === 'l2' ? channels : Math.max(Math.floor(channels * compression), 1)
    channels = (s > 0 ? leaving : channels) + blocks * growth
    return [
      ...(s > 0 ? [block(`transition${s}`, denseTransition(kind, leaving), { unit: 'transition' })] : []),
      block(`stage${s + 1}`, chain('block', blocks, denseUnit(growth, hasBottleneck))),
    ]
  })
  return [
    inputNode(input),
    block('stem', [conv('conv', stem, 3)]),
    ...stages.flat(),
    endBlock(),
    layer('pool', 'global-average-pool'),
    ...headNodes(classes),
  ]
}

const options = (compression: string, blocks: string): OptionSpec[] => [
  { ...blocksOption(), description: 'layers in each stage', default: blocks },
  { name: 'growth', description: 'channels that each layer adds', default: '12', type: 'number', least: 1, most: 1024 },
  { name: 'stages', description: 'stages, with a transition between two', default: '3', type: 'number', least: 1, most: 8 },
  {
    name: 'compression',
    description: 'share of the channels that a transition keeps',
    default: compression,
    type: 'decimal',
    least: 0.01,
    most: 1,
  },
  {
    name: 'transitions',
    description:
      'average: as published; l2: L2 pooling, all channels kept; projected: a 1×1 convolution of stride 2, to be projected',
    default: 'average',
    type: 'word',
    words: ['average', 'l2', 'projected'],
  },
]

export const densenetBc: Preset = {
  name: 'densenet-bc',
  title: 'DenseNet-BC',
  description: 'Densely connected network with bottlenecks and transitions that halve the channels (Huang et al. 2017).',
  example: 'densenet-bc:blocks=6,growth=12,stages=3',
  options: options('0.5', '6'),
  // Depth counts two convolutions a layer, in three stages, and stem, two transitions and dense.
  depth: { perBlock: 6, constant: 4, option: 'blocks', second: 'growth' },
  recommended: plainRecipe,
  nodes: (given) => nodes(given, true),
}

export const densenet: Preset = {
  name: 'densenet',
  title: 'DenseNet',
  description: 'Densely connected network without bottlenecks or compression (Huang et al. 2017).',
  example: 'densenet:blocks=6,growth=12,stages=3',
  options: options('1', '12'),
  depth: { perBlock: 3, constant: 4, option: 'blocks', second: 'growth' },
  recommended: plainRecipe,
  nodes: (given) => nodes(given, false),
}
