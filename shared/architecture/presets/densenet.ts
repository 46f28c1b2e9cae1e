import type { NetworkNode } from '../document'
import { block, bnRelu, chain, conv, endBlock, headNodes, inputNode, layer } from './pieces'
import { blocksOption, plainRecipe, type Preset } from './preset'

/** A DenseNet-BC layer: BN-ReLU-1×1(4·growth)-BN-ReLU-3×3(growth), concatenated after its input (Huang et al. 2017). */
const denseUnit = (growth: number): NetworkNode[] => [
  ...bnRelu(1, ['$input']),
  conv('conv1', 4 * growth, 1),
  ...bnRelu(2),
  conv('conv2', growth, 3),
  layer('concatenate', 'concatenate', {}, ['$input', 'conv2']),
]

export const densenetBc: Preset = {
  name: 'densenet-bc',
  title: 'DenseNet-BC',
  description: 'Densely connected network with bottlenecks and transitions that halve the channels (Huang et al. 2017).',
  example: 'densenet-bc:blocks=6,growth=12,stages=3',
  options: [
    { ...blocksOption(), description: 'layers in each stage', default: '6' },
    { name: 'growth', description: 'channels that each layer adds', default: '12', type: 'number', least: 1, most: 1024 },
    { name: 'stages', description: 'stages, with a transition between two', default: '3', type: 'number', least: 1, most: 8 },
  ],
  // Depth counts two convolutions a layer, in three stages, and stem, two transitions and dense.
  depth: { perBlock: 6, constant: 4, option: 'blocks' },
  recommended: plainRecipe,
  nodes({ input, classes, number }) {
    const growth = number('growth')
    const blocks = number('blocks')
    let channels = 2 * growth
    const stages = Array.from({ length: number('stages') }, (_, s): NetworkNode[] => {
      const half = Math.floor(channels / 2)
      channels = (s > 0 ? half : channels) + blocks * growth
      const transition = [...bnRelu(), conv('conv', half, 1), layer('pool', 'average-pool')]
      return [
        ...(s > 0 ? [block(`transition${s}`, transition, { unit: 'transition' })] : []),
        block(`stage${s + 1}`, chain('block', blocks, denseUnit(growth))),
      ]
    })
    return [
      inputNode(input),
      block('stem', [conv('conv', 2 * growth, 3)]),
      ...stages.flat(),
      endBlock(),
      layer('pool', 'global-average-pool'),
      ...headNodes(classes),
    ]
  },
}
