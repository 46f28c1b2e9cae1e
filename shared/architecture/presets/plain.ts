import { UserError } from '../../errors'
import type { NetworkNode } from '../document'
import { block, chain, conv, convolutionsAs, headNodes, inputNode, layer } from './pieces'
import { blocksOption, convolutionsOption, plainRecipe, type Preset, widthsOption } from './preset'

interface Form {
  readonly norm: string
  readonly activation: string
  /** Factor of the kernels' initial values. */
  readonly gain?: number
}

/** A 3×3 convolution with norm and activation; without a norm it has a bias. */
const piece = (number: number | '', width: number, stride: number, { norm, activation, gain = 1 }: Form): NetworkNode[] => [
  norm === 'none'
    ? layer(`conv${number}`, 'conv2d', {
        filters: width,
        size: 3,
        ...(stride !== 1 && { stride }),
        bias: true,
        ...(gain !== 1 && { start: gain }),
      })
    : conv(`conv${number}`, width, 3, stride),
  ...(norm === 'none' ? [] : [layer(`bn${number}`, 'batch-norm')]),
  layer(`${activation}${number}`, activation),
]

/** Two 3×3 convolutions, each with batch norm and ReLU unless told otherwise, and no skip. */
export const plainBlock = (width: number, stride: number, form: Form = { norm: 'batch', activation: 'relu' }): NetworkNode[] => [
  ...piece(1, width, stride, form),
  ...piece(2, width, 1, form),
]

export const plain: Preset = {
  name: 'plain',
  title: 'Plain network',
  description: 'The residual network without its skips (He et al. 2015): what depth costs when nothing preserves the norm.',
  example: 'plain:blocks=3',
  options: [
    blocksOption(),
    widthsOption,
    {
      name: 'norm',
      description: 'batch norm behind each convolution, or none, so that the initialiser alone sets the norm',
      default: 'batch',
      type: 'word',
      words: ['batch', 'none'],
    },
    {
      name: 'activation',
      description: 'ReLU, or tanh, with which a delta-orthogonal start keeps norms at any depth (Xiao et al. 2018)',
      default: 'relu',
      type: 'word',
      words: ['relu', 'tanh'],
    },
    {
      name: 'gain',
      description:
        'factor of the kernels’ initial values, without norms: with the biases’ deviation it says where beside the critical line a network starts',
      default: '1',
      type: 'decimal',
      least: 0,
      most: 1000,
    },
    convolutionsOption,
  ],
  depth: { perBlock: 6, constant: 2, option: 'blocks' },
  recommended: plainRecipe,
  nodes({ input, classes, number, list, word, decimal }) {
    const n = number('blocks')
    const form = { norm: word('norm'), activation: word('activation'), gain: decimal('gain') }
    if (form.gain !== 1 && (form.norm !== 'none' || word('convolutions') === 'orthogonal'))
      throw new UserError('only a kernel that is free and has no norm behind it starts as large as it is told', {
        place: 'gain',
        remedy: 'say norm=none and leave out convolutions, or leave out gain',
      })
    const make = (width: number, stride: number): NetworkNode[] => plainBlock(width, stride, form)
    const stages = list('widths').map((width, s) =>
      block(
        `stage${s + 1}`,
        s === 0
          ? chain('block', n, make(width, 1))
          : [block('block1', make(width, 2), { unit: 'block' }), ...chain('block', n - 1, make(width, 1), 2)],
      ),
    )
    return convolutionsAs(word('convolutions'), [
      inputNode(input),
      block('stem', piece('', list('widths')[0]!, 1, form)),
      ...stages,
      layer('pool', 'global-average-pool'),
      ...headNodes(classes),
    ])
  },
}
