import type { LayerNode, NetworkNode } from '../document'
import { multiplierOf, multiplierOptions } from './branch-multiplier'
import { block, bnRelu, chain, conv, headNodes, inputNode, layer } from './pieces'
import { blocksOption, plainRecipe, type Preset } from './preset'

/** Post-activation bottleneck whose 3×3 convolution is cut into groups (Xie et al. 2017, figure 3c). */
export function groupedBlock(
  inner: number,
  outer: number,
  groups: number,
  stride: number,
  changes: boolean,
  multiplier: readonly LayerNode[] = [],
): NetworkNode[] {
  return [
    conv('conv1', inner, 1, 1, ['$input']),
    ...bnRelu(1),
    layer('conv2', 'conv2d', { filters: inner, size: 3, groups, ...(stride !== 1 && { stride }) }),
    ...bnRelu(2),
    conv('conv3', outer, 1),
    layer('bn3', 'batch-norm'),
    ...multiplier,
    ...(changes ? [block('shortcut', [conv('conv', outer, 1, stride), layer('bn', 'batch-norm')], { inputs: ['$input'] })] : []),
    layer('add', 'add', {}, [changes ? 'shortcut' : '$input', multiplier.length > 0 ? 'multiplier' : 'bn3']),
    layer('relu', 'relu'),
  ]
}

export const resnext: Preset = {
  name: 'resnext',
  title: 'ResNeXt',
  description: 'Residual network of grouped bottlenecks for small images (Xie et al. 2017): ResNeXt-29, 8×64d with its defaults.',
  example: 'resnext:blocks=1,groups=4,width=8',
  options: [
    blocksOption(),
    {
      name: 'groups',
      description: 'groups of the 3×3 convolutions: the cardinality',
      default: '8',
      type: 'number',
      least: 1,
      most: 1024,
    },
    { name: 'width', description: 'channels of a group in the first stage', default: '64', type: 'number', least: 1, most: 4096 },
    ...multiplierOptions,
  ],
  depth: { perBlock: 9, constant: 2, option: 'blocks' },
  recommended: plainRecipe,
  nodes(options) {
    const { input, classes, number } = options
    const [n, groups, width] = [number('blocks'), number('groups'), number('width')]
    const factors = [1, 2, 4]
    const multiplier = multiplierOf(options, n * factors.length)
    const stages = factors.map((times, s) => {
      const [inner, outer] = [groups * width * times, 256 * times]
      return block(`stage${s + 1}`, [
        block('block1', groupedBlock(inner, outer, groups, s === 0 ? 1 : 2, true, multiplier), { unit: 'block' }),
        ...chain('block', n - 1, groupedBlock(inner, outer, groups, 1, false, multiplier), 2),
      ])
    })
    return [
      inputNode(input),
      block('stem', [conv('conv', 64, 3), ...bnRelu()]),
      ...stages,
      layer('pool', 'global-average-pool'),
      ...headNodes(classes),
    ]
  },
}
