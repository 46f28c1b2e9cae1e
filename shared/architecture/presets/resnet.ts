import type { NetworkNode } from '../document'
import { block, bnRelu, chain, conv, headNodes, inputNode, layer } from './pieces'
import { blocksOption, plainRecipe, type Preset, widthsOption } from './preset'

type Shortcut = 'none' | 'projection' | 'padding'

/** Two 3×3 convolutions with batch norm and a skip around them; the ReLU comes after the sum (He et al. 2015). */
function postActivationBlock(width: number, stride: number, shortcut: Shortcut): NetworkNode[] {
  const branch = [conv('conv1', width, 3, stride, ['$input']), ...bnRelu(1), conv('conv2', width, 3), layer('bn2', 'batch-norm')]
  const skip: NetworkNode[] =
    shortcut === 'none'
      ? []
      : shortcut === 'padding'
        ? [layer('shortcut', 'padding-shortcut', { filters: width, stride }, ['$input'])]
        : [block('shortcut', [conv('conv', width, 1, stride), layer('bn', 'batch-norm')], { inputs: ['$input'] })]
  return [...branch, ...skip, layer('add', 'add', {}, [skip.length > 0 ? 'shortcut' : '$input', 'bn2']), layer('relu', 'relu')]
}

export const resnet: Preset = {
  name: 'resnet',
  title: 'ResNet',
  description: 'Post-activation residual network with basic blocks (He et al. 2015).',
  example: 'resnet:blocks=3',
  options: [
    blocksOption(),
    widthsOption,
    {
      name: 'shortcut',
      description: 'the skip where the shape changes: a 1×1 convolution with batch norm, or padding with zeros',
      default: 'projection',
      type: 'word',
      words: ['projection', 'padding'],
    },
  ],
  depth: { perBlock: 6, constant: 2, option: 'blocks' },
  recommended: plainRecipe,
  nodes({ input, classes, number, list, word }) {
    const n = number('blocks')
    const shortcut = word('shortcut') as Shortcut
    const stages = list('widths').map((width, s) =>
      block(
        `stage${s + 1}`,
        s === 0
          ? chain('block', n, postActivationBlock(width, 1, 'none'))
          : [
              block('block1', postActivationBlock(width, 2, shortcut), { unit: 'block' }),
              ...chain('block', n - 1, postActivationBlock(width, 1, 'none'), 2),
            ],
      ),
    )
    return [
      inputNode(input),
      block('stem', [conv('conv', list('widths')[0]!, 3), ...bnRelu()]),
      ...stages,
      layer('pool', 'global-average-pool'),
      ...headNodes(classes),
    ]
  },
}
