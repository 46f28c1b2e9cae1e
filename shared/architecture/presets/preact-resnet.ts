import type { LayerNode, NetworkNode } from '../document'
import { multiplierOf, multiplierOptions } from './branch-multiplier'
import { block, bnRelu, bottleneck, chain, conv, convolutionsAs, endBlock, headNodes, inputNode, layer, padded } from './pieces'
import {
  blocksOption,
  convolutionsOption,
  paddingOption,
  planesOption,
  plainRecipe,
  type Preset,
  type PresetOptions,
  widthsOption,
} from './preset'

/** Pre-activation basic block; where the shape changes a 1×1 shortcut takes the pre-activated input (He et al. 2016). */
export function basicBlock(
  width: number,
  stride: number,
  changes: boolean,
  multiplier: readonly LayerNode[] = [],
): NetworkNode[] {
  return [
    ...bnRelu(1, ['$input']),
    conv('conv1', width, 3, stride),
    ...bnRelu(2),
    conv('conv2', width, 3),
    ...multiplier,
    ...(changes ? [block('shortcut', [conv('conv', width, 1, stride)], { inputs: ['relu1'] })] : []),
    layer('add', 'add', {}, [changes ? 'shortcut' : '$input', multiplier.length > 0 ? 'multiplier' : 'conv2']),
  ]
}

/** First bottleneck of a stage as the paper's baseline publishes it: its shortcut is BN-ReLU-1×1 of its own. */
function firstBottleneck(planes: number, stride: number, multiplier: readonly LayerNode[] = []): NetworkNode[] {
  return [
    ...bnRelu(1, ['$input']),
    conv('conv1', planes, 1),
    ...bnRelu(2),
    conv('conv2', planes, 3, stride),
    ...bnRelu(3),
    conv('conv3', 4 * planes, 1),
    ...multiplier,
    block('shortcut', [...bnRelu(), conv('conv', 4 * planes, 1, stride)], { inputs: ['$input'] }),
    layer('add', 'add', {}, ['shortcut', multiplier.length > 0 ? 'multiplier' : 'conv3']),
  ]
}

function basicNodes(options: PresetOptions): NetworkNode[] {
  const n = options.number('blocks')
  const widths = options.list('widths')
  const multiplier = multiplierOf(options, n * widths.length)
  const stages = widths.map((width, s) =>
    block(
      `stage${s + 1}`,
      s === 0
        ? chain('block', n, basicBlock(width, 1, false, multiplier))
        : [
            block('block1', basicBlock(width, 2, true, multiplier), { unit: 'block' }),
            ...chain('block', n - 1, basicBlock(width, 1, false, multiplier), 2),
          ],
    ),
  )
  return [block('stem', [conv('conv', widths[0]!, 3)]), ...stages]
}

function bottleneckNodes(options: PresetOptions): NetworkNode[] {
  const n = options.number('blocks')
  const planes = options.list('planes')
  const multiplier = multiplierOf(options, n * planes.length)
  const stages = planes.map((p, s) =>
    block(`stage${s + 1}`, [
      block('block1', firstBottleneck(p, s === 0 ? 1 : 2, multiplier), { unit: 'block' }),
      ...chain('block', n - 1, bottleneck(p, multiplier), 2),
    ]),
  )
  return [block('stem', [conv('conv', planes[0]!, 3), ...bnRelu()]), ...stages]
}

export const preactResnet: Preset = {
  name: 'preact-resnet',
  title: 'Pre-activation ResNet',
  description:
    'Residual network with identity skips and batch norm before each convolution (He et al. 2016); with bottlenecks the baseline of the paper.',
  example: 'preact-resnet:blocks=3',
  options: [
    {
      name: 'block',
      description: 'two 3×3 convolutions, or 1×1, 3×3, 1×1',
      default: 'bottleneck',
      type: 'word',
      words: ['bottleneck', 'basic'],
    },
    blocksOption(),
    { ...planesOption, description: 'bottleneck: channels inside the blocks of each stage; four times as many outside' },
    { ...widthsOption, description: 'basic: channels of each stage' },
    paddingOption,
    convolutionsOption,
    ...multiplierOptions,
  ],
  depth: { perBlock: 9, constant: 2, option: 'blocks' },
  recommended: plainRecipe,
  nodes(options) {
    const body = options.word('block') === 'basic' ? basicNodes(options) : bottleneckNodes(options)
    const nodes = padded(options.word('padding'), [
      inputNode(options.input),
      ...body,
      endBlock(),
      layer('pool', 'global-average-pool'),
      ...headNodes(options.classes),
    ])
    return convolutionsAs(options.word('convolutions'), nodes)
  },
}
