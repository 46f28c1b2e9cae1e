import type { NetworkNode } from '../document'
import { block, bnRelu, chain, conv, headNodes, inputNode, layer } from './pieces'
import { blocksOption, plainRecipe, type Preset, widthsOption } from './preset'

/** Two 3×3 convolutions, each with batch norm and ReLU, and no skip. */
export const plainBlock = (width: number, stride: number): NetworkNode[] => [
  conv('conv1', width, 3, stride),
  ...bnRelu(1),
  conv('conv2', width, 3),
  ...bnRelu(2),
]

export const plain: Preset = {
  name: 'plain',
  title: 'Plain network',
  description: 'The residual network without its skips (He et al. 2015): what depth costs when nothing preserves the norm.',
  example: 'plain:blocks=3',
  options: [blocksOption(), widthsOption],
  depth: { perBlock: 6, constant: 2, option: 'blocks' },
  recommended: plainRecipe,
  nodes({ input, classes, number, list }) {
    const n = number('blocks')
    const stages = list('widths').map((width, s) =>
      block(
        `stage${s + 1}`,
        s === 0
          ? chain('block', n, plainBlock(width, 1))
          : [block('block1', plainBlock(width, 2), { unit: 'block' }), ...chain('block', n - 1, plainBlock(width, 1), 2)],
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
