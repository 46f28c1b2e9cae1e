import type { LayerNode, NetworkNode } from '../document'
import { multiplierOf, multiplierOptions } from './branch-multiplier'
import { block, chain, headNodes, inputNode, layer } from './pieces'
import { blocksOption, plainRecipe, type Preset } from './preset'

/** What stands before each ReLU. */
export type VectorNorm = 'batch' | 'layer' | 'none'

const normRelu = (norm: VectorNorm, number: number | '', inputs?: string[]): NetworkNode[] =>
  norm === 'none'
    ? [layer(`relu${number}`, 'relu', {}, inputs)]
    : [layer(`${norm === 'batch' ? 'bn' : 'ln'}${number}`, `${norm}-norm`, {}, inputs), layer(`relu${number}`, 'relu')]

/** A dense layer; its shift would be taken off again by a batch norm behind it. */
const denseOf = (id: string, units: number, norm: VectorNorm): NetworkNode =>
  layer(id, 'dense', { units, ...(norm === 'batch' && { bias: false }) })

/** Pre-activation block of two dense layers (He et al. 2016, figure 4e, dense in place of convolutions); without the skip the same in a row. */
export const denseBlock = (
  width: number,
  norm: VectorNorm,
  hasSkip: boolean,
  multiplier: readonly LayerNode[] = [],
): NetworkNode[] => [
  ...normRelu(norm, 1, ['$input']),
  denseOf('dense1', width, norm),
  ...normRelu(norm, 2),
  denseOf('dense2', width, norm),
  ...multiplier,
  ...(hasSkip ? [layer('add', 'add', {}, ['$input', multiplier.length > 0 ? 'multiplier' : 'dense2'])] : []),
]

export const residualMlp: Preset = {
  name: 'residual-mlp',
  title: 'Residual MLP',
  description:
    'Pre-activation residual network of dense layers, for vectors (He et al. 2016, dense in place of convolutions); without skips the plain one.',
  example: 'residual-mlp:blocks=8,width=64',
  options: [
    { ...blocksOption(), description: 'blocks of two dense layers', default: '8' },
    { name: 'width', description: 'features of each layer', default: '64', type: 'number', least: 1, most: 65_536 },
    {
      name: 'norm',
      description: 'before each ReLU: batch norm, layer norm, or none',
      default: 'batch',
      type: 'word',
      words: ['batch', 'layer', 'none'],
    },
    {
      name: 'skip',
      description: 'identity: the block’s input is added to what it makes; none: a plain network of the same layers',
      default: 'identity',
      type: 'word',
      words: ['identity', 'none'],
    },
    ...multiplierOptions,
  ],
  // Dense layers: two a block, stem and head.
  depth: { perBlock: 2, constant: 2, option: 'blocks' },
  recommended: plainRecipe,
  nodes(options) {
    const { input, classes, number, word } = options
    const [blocks, width, norm] = [number('blocks'), number('width'), word('norm') as VectorNorm]
    const hasSkip = word('skip') === 'identity'
    return [
      inputNode(input),
      block('stem', [denseOf('dense', width, norm)]),
      ...chain('block', blocks, denseBlock(width, norm, hasSkip, multiplierOf(options, blocks, hasSkip))),
      block('end', normRelu(norm, '')),
      ...headNodes(classes),
    ]
  },
}
