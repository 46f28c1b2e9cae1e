import type { LayerNode, NetworkNode } from '../document'
import { multiplierOf, multiplierOptions } from './branch-multiplier'
import { block, bnRelu, chain, conv, endBlock, headNodes, inputNode, layer } from './pieces'
import { blocksOption, plainRecipe, type Preset } from './preset'

/** Pre-activation basic block, with dropout between its convolutions where asked; a 1×1 shortcut where the shape changes. */
function wideBlock(
  width: number,
  stride: number,
  changes: boolean,
  dropout: number,
  multiplier: readonly LayerNode[],
): NetworkNode[] {
  return [
    ...bnRelu(1, ['$input']),
    conv('conv1', width, 3, stride),
    ...bnRelu(2),
    ...(dropout > 0 ? [layer('dropout', 'dropout', { rate: dropout })] : []),
    conv('conv2', width, 3),
    ...multiplier,
    ...(changes ? [block('shortcut', [conv('conv', width, 1, stride)], { inputs: ['relu1'] })] : []),
    layer('add', 'add', {}, [changes ? 'shortcut' : '$input', multiplier.length > 0 ? 'multiplier' : 'conv2']),
  ]
}

export const wideResnet: Preset = {
  name: 'wide-resnet',
  title: 'Wide ResNet',
  description: 'Pre-activation residual network with few, wide blocks (Zagoruyko and Komodakis 2016).',
  example: 'wide-resnet:blocks=2,factor=2',
  options: [
    { ...blocksOption(), default: '4' },
    { name: 'factor', description: 'times 16, 32, 64 channels', default: '10', type: 'number', least: 1, most: 1024 },
    {
      name: 'dropout',
      description: 'chance of a dropped entry between a block’s convolutions',
      default: '0',
      type: 'decimal',
      least: 0,
      most: 0.99,
    },
    ...multiplierOptions,
  ],
  depth: { perBlock: 6, constant: 4, option: 'blocks', second: 'factor' },
  recommended: plainRecipe,
  nodes(options) {
    const { input, classes, number, decimal } = options
    const [n, factor, dropout] = [number('blocks'), number('factor'), decimal('dropout')]
    const widths = [16, 32, 64]
    const multiplier = multiplierOf(options, n * widths.length)
    const stages = widths.map((base, s) => {
      const [width, stride] = [base * factor, s === 0 ? 1 : 2]
      return block(`stage${s + 1}`, [
        block('block1', wideBlock(width, stride, stride > 1 || width !== 16, dropout, multiplier), { unit: 'block' }),
        ...chain('block', n - 1, wideBlock(width, 1, false, dropout, multiplier), 2),
      ])
    })
    return [
      inputNode(input),
      block('stem', [conv('conv', 16, 3)]),
      ...stages,
      endBlock(),
      layer('pool', 'global-average-pool'),
      ...headNodes(classes),
    ]
  },
}
