import type { NetworkNode } from '../document'
import { multiplierOf, multiplierOptions } from './branch-multiplier'
import { block, bnRelu, chain, conv, convolutionsAs, headNodes, inputNode, layer, padded } from './pieces'
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

type Shortcut = 'none' | 'projection' | 'padding' | 'padding-both' | 'pooling'

/** The skip of a block that changes the shape: He et al. 2015, options B and A, and ResNet-D's (He, T. et al. 2019). */
function skipOf(shortcut: Shortcut, width: number, stride: number): NetworkNode[] {
  if (shortcut === 'none') return []
  if (shortcut === 'padding' || shortcut === 'padding-both') {
    const side = shortcut === 'padding-both' ? { side: 'both' } : {}
    return [layer('shortcut', 'padding-shortcut', { filters: width, stride, ...side }, ['$input'])]
  }
  const isPooled = shortcut === 'pooling' && stride > 1
  const pool = isPooled ? [layer('pool', 'average-pool', { size: stride, stride, padding: 'same' })] : []
  const projection = [conv('conv', width, 1, isPooled ? 1 : stride), layer('bn', 'batch-norm')]
  return [block('shortcut', [...pool, ...projection], { inputs: ['$input'] })]
}

/** Bottleneck of 1×1, 3×3 and 1×1 to four times as many channels (He et al. 2015). @param behind What stands behind the branch's last norm. */
export function bottleneckBlock(
  planes: number,
  stride: number,
  shortcut: Shortcut,
  behind: readonly NetworkNode[] = [],
): NetworkNode[] {
  const skip = skipOf(shortcut, 4 * planes, stride)
  return [
    conv('conv1', planes, 1, 1, ['$input']),
    ...bnRelu(1),
    conv('conv2', planes, 3, stride),
    ...bnRelu(2),
    conv('conv3', 4 * planes, 1),
    layer('bn3', 'batch-norm'),
    ...behind,
    ...skip,
    layer('add', 'add', {}, [skip.length > 0 ? 'shortcut' : '$input', behind.at(-1)?.id ?? 'bn3']),
    layer('relu', 'relu'),
  ]
}

/** Two 3×3 convolutions with batch norm and a skip around them; the ReLU comes after the sum (He et al. 2015). */
export function postActivationBlock(
  width: number,
  stride: number,
  shortcut: Shortcut,
  behind: readonly NetworkNode[] = [],
): NetworkNode[] {
  const skip = skipOf(shortcut, width, stride)
  return [
    conv('conv1', width, 3, stride, ['$input']),
    ...bnRelu(1),
    conv('conv2', width, 3),
    layer('bn2', 'batch-norm'),
    ...behind,
    ...skip,
    layer('add', 'add', {}, [skip.length > 0 ? 'shortcut' : '$input', behind.at(-1)?.id ?? 'bn2']),
    layer('relu', 'relu'),
  ]
}

export const resnet: Preset = {
  name: 'resnet',
  title: 'ResNet',
  description: 'Post-activation residual network with basic or bottleneck blocks (He et al. 2015).',
  example: 'resnet:blocks=3',
  options: [
    blocksOption(),
    {
      name: 'block',
      description: 'two 3×3 convolutions, or 1×1, 3×3, 1×1',
      default: 'basic',
      type: 'word',
      words: ['basic', 'bottleneck'],
    },
    { ...widthsOption, description: 'basic: channels of each stage' },
    { ...planesOption, description: 'bottleneck: channels inside the blocks of each stage; four times as many outside' },
    {
      name: 'shortcut',
      description:
        'the skip where the shape changes: a 1×1 convolution with batch norm, padding with zeros behind or on both sides, or average pooling before the 1×1',
      default: 'projection',
      type: 'word',
      words: ['projection', 'padding', 'padding-both', 'pooling'],
    },
    paddingOption,
    convolutionsOption,
    ...multiplierOptions,
  ],
  depth: { perBlock: 6, constant: 2, option: 'blocks' },
  recommended: plainRecipe,
  nodes: (options) => residualNetwork(options),
}

/** @param behind What each branch has behind its last norm, by how many channels leave it. */
export function residualNetwork(options: PresetOptions, behind: (channels: number) => NetworkNode[] = () => []): NetworkNode[] {
  const { input, classes, number, list, word } = options
  const n = number('blocks')
  const shortcut = word('shortcut') as Shortcut
  const isBasic = word('block') === 'basic'
  const sizes = list(isBasic ? 'widths' : 'planes')
  const multiplier = multiplierOf(options, n * sizes.length)
  const make = (width: number, stride: number, skip: Shortcut): NetworkNode[] =>
    (isBasic ? postActivationBlock : bottleneckBlock)(width, stride, skip, [
      ...behind(isBasic ? width : 4 * width),
      ...multiplier,
    ])
  const stages = sizes.map((width, s) =>
    block(
      `stage${s + 1}`,
      s === 0 && isBasic
        ? chain('block', n, make(width, 1, 'none'))
        : [
            block('block1', make(width, s === 0 ? 1 : 2, s === 0 ? 'projection' : shortcut), { unit: 'block' }),
            ...chain('block', n - 1, make(width, 1, 'none'), 2),
          ],
    ),
  )
  const nodes = padded(word('padding'), [
    inputNode(input),
    block('stem', [conv('conv', sizes[0]!, 3), ...bnRelu()]),
    ...stages,
    layer('pool', 'global-average-pool'),
    ...headNodes(classes),
  ])
  return convolutionsAs(word('convolutions'), nodes)
}
