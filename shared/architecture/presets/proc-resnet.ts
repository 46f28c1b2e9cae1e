import type { NetworkNode } from '../document'
import { multiplierOf, multiplierOptions } from './branch-multiplier'
import { block, bottleneck, chain, conv, convolutionsAs, endBlock, headNodes, inputNode, layer } from './pieces'
import { blocksOption, planesOption, type Preset } from './preset'

/** The paper's network, versions 2 to 5: every skip is an identity, and a bare 1×1 convolution of stride 2 stands between the stages. */
export const procResnet: Preset = {
  name: 'proc-resnet',
  title: 'Procrustes ResNet',
  description:
    'The norm-preserving network of arXiv 1805.07477v5: stem and transitions are projected to equal singular values as it trains.',
  example: 'proc-resnet:blocks=3',
  options: [
    blocksOption(),
    planesOption,
    {
      name: 'transitions',
      description:
        'bare convolutions of stride 2, of one pixel as published or of 2×2 windows side by side; or those windows and the stem orthogonal by construction',
      default: 'pointwise',
      type: 'word',
      words: ['pointwise', 'windows', 'orthogonal'],
    },
    ...multiplierOptions,
  ],
  depth: { perBlock: 9, constant: 4, option: 'blocks' },
  recommended: { projection: 'transitions', whitening: false, nesterov: false, init: 'he-fan-in' },
  nodes(options) {
    const { input, classes, number, list, word } = options
    const planes = list('planes')
    const multiplier = multiplierOf(options, number('blocks') * planes.length)
    const how = word('transitions')
    const bare = (filters: number, size: number, stride: number): NetworkNode[] =>
      convolutionsAs(how === 'orthogonal' ? how : 'free', [conv('conv', filters, size, stride)])
    const stages = planes.flatMap((p, s): NetworkNode[] => [
      ...(s > 0 ? [block(`transition${s}`, bare(4 * p, how === 'pointwise' ? 1 : 2, 2), { unit: 'transition' })] : []),
      block(`stage${s + 1}`, chain('block', number('blocks'), bottleneck(p, multiplier))),
    ])
    return [
      inputNode(input),
      block('stem', bare(4 * planes[0]!, 3, 1), { unit: 'stem' }),
      ...stages,
      endBlock(),
      layer('pool', 'global-average-pool'),
      ...headNodes(classes),
    ]
  },
}

/** The paper's first version: nothing to learn in its transitions, and L2 pooling in place of the last average pooling. */
export const procResnetV1: Preset = {
  name: 'proc-resnet-v1',
  title: 'Procrustes ResNet, first version',
  description: 'The network of arXiv 1805.07477v1: L2-pooling transitions, identity skips, and a whitened fully-connected layer.',
  example: 'proc-resnet-v1:blocks=3',
  options: [
    blocksOption(),
    { ...planesOption, description: `${planesOption.description}; each stage twice the one before` },
    ...multiplierOptions,
  ],
  depth: { perBlock: 9, constant: 2, option: 'blocks' },
  recommended: { projection: 'none', whitening: true, nesterov: true, init: 'he-fan-out' },
  nodes(options) {
    const { input, classes, number, list } = options
    const planes = list('planes')
    const multiplier = multiplierOf(options, number('blocks') * planes.length)
    const stem = [conv('conv', planes[0]!, 3), layer('duplicate1', 'duplicate'), layer('duplicate2', 'duplicate')]
    const stages = planes.flatMap((p, s): NetworkNode[] => [
      ...(s > 0
        ? [block(`transition${s}`, [layer('pool', 'l2-pool'), layer('duplicate', 'duplicate')], { unit: 'transition' })]
        : []),
      block(`stage${s + 1}`, chain('block', number('blocks'), bottleneck(p, multiplier))),
    ])
    return [
      inputNode(input),
      block('stem', stem, { unit: 'stem' }),
      ...stages,
      endBlock(),
      layer('pool', 'global-l2-pool'),
      ...headNodes(classes),
    ]
  },
}
