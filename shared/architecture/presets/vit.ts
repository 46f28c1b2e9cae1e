import type { NetworkNode } from '../document'
import { block, headNodes, inputNode, layer } from './pieces'
import type { OptionSpec, Preset } from './preset'

/** Where the norms of a residual sublayer stand. */
export const PLACEMENTS = ['pre', 'post', 'peri', 'deepnorm'] as const
export type Placement = (typeof PLACEMENTS)[number]

/** What stands around what a sublayer does. */
export interface Sublayers {
  readonly placement: Placement
  readonly norm: 'layer' | 'rms'
  readonly width: number
  readonly heads: number
  /** Channels inside the MLP. */
  readonly hidden: number
  /** Encoder blocks of the whole network, N. */
  readonly depth: number
}

const count = (name: string, description: string, usual: number, most: number): OptionSpec => ({
  ...{ name, description, default: String(usual), type: 'number', least: 1, most },
})

const normOf = ({ norm }: Sublayers, id: string, inputs?: string[]): NetworkNode =>
  norm === 'rms' ? layer(id, 'rms-norm', {}, inputs) : layer(id, 'layer-norm', { over: 'channels' }, inputs)

/** A dense layer on each token. @param start Factor of its initial values. */
const perToken = (id: string, filters: number, start = 1, inputs?: string[]): NetworkNode =>
  layer(id, 'conv2d', { filters, size: 1, bias: true, ...(start !== 1 && { start }) }, inputs)

/** What DeepNorm multiplies of an encoder of N blocks: the skip by α = (2N)^(1/4), initial values by β = (8N)^(−1/4) (arXiv 2203.00555, table of section 4). */
const deepNorm = (depth: number): { readonly alpha: number; readonly beta: number } => ({
  alpha: (2 * depth) ** 0.25,
  beta: (8 * depth) ** -0.25,
})

/**
 * x + F(x) with norms where the placement has them: LN before F (pre: Xiong et al. 2020, arXiv 2002.04745), behind the sum (post: Vaswani et al. 2017), on both
 * sides of F (peri: Kim et al. 2025, arXiv 2502.02732), or behind α·x + F(x) (deepnorm: Wang et al. 2022, arXiv 2203.00555).
 *
 * @param make F, given where it begins and the factor of the initial values that DeepNorm scales; its last layer's id.
 */
function sublayer(
  form: Sublayers,
  make: (input: string, start: number) => { readonly nodes: NetworkNode[]; readonly end: string },
): NetworkNode[] {
  const { placement, depth } = form
  const { alpha, beta } = deepNorm(depth)
  const isFirst = placement === 'pre' || placement === 'peri'
  const { nodes, end } = make(isFirst ? 'norm' : '$input', placement === 'deepnorm' ? beta : 1)
  const skip = placement === 'deepnorm' ? 'skip' : '$input'
  return [
    ...(isFirst ? [normOf(form, 'norm', ['$input'])] : []),
    ...nodes,
    ...(placement === 'peri' ? [normOf(form, 'norm2')] : []),
    ...(placement === 'deepnorm' ? [layer('skip', 'scale', { value: alpha, learned: false }, ['$input'])] : []),
    layer('add', 'add', {}, [skip, placement === 'peri' ? 'norm2' : end]),
    ...(isFirst ? [] : [normOf(form, 'norm')]),
  ]
}

/** Multi-head self-attention; DeepNorm scales the values' and the output's initial kernels, not queries' and keys'. */
export const attentionSublayer = (form: Sublayers): NetworkNode[] =>
  sublayer(form, (input, start) => ({
    nodes: [
      perToken('q', form.width, 1, [input]),
      perToken('k', form.width, 1, [input]),
      perToken('v', form.width, start, [input]),
      layer('attention', 'attention', { heads: form.heads }, ['q', 'k', 'v']),
      perToken('out', form.width, start),
    ],
    end: 'out',
  }))

/** Two dense layers on each token with a GELU between. */
export const mlpSublayer = (form: Sublayers): NetworkNode[] =>
  sublayer(form, (input, start) => ({
    nodes: [perToken('dense1', form.hidden, start, [input]), layer('gelu', 'gelu'), perToken('dense2', form.width, start)],
    end: 'dense2',
  }))

/** Patches as tokens, and where they lie. */
export const patchNodes = (width: number, patch: number): NetworkNode[] => [
  layer('patches', 'conv2d', { filters: width, size: patch, stride: patch, padding: 'valid', bias: true }),
  layer('position', 'position'),
]

export const vit: Preset = {
  name: 'vit',
  title: 'Vision Transformer',
  description:
    'Patches, learned positions, encoder blocks of attention and MLP, and the mean over the tokens (Dosovitskiy et al. 2021; Beyer et al. 2022): pre-, post-, Peri-LN or DeepNorm.',
  example: 'vit:blocks=12,placement=pre',
  options: [
    { ...count('blocks', 'encoder blocks of attention and MLP; each of the two counts as a block that is measured', 6, 100) },
    {
      name: 'placement',
      description:
        'of the norms: pre (Xiong et al. 2020), post (Vaswani et al. 2017), peri (Kim et al. 2025), or deepnorm with its α and β (Wang et al. 2022)',
      ...{ default: 'pre', type: 'word', words: PLACEMENTS },
    },
    count('width', 'channels of a token', 64, 65_536),
    count('heads', 'heads of the attention; they divide the width', 4, 1024),
    count('patch', 'side of the patches that become tokens, pixels', 4, 255),
    count('mlp', 'how many times as wide the MLP is inside', 4, 64),
    {
      name: 'norm',
      description: 'layer norm or RMS norm, of each token’s channels',
      ...{ default: 'layer', type: 'word', words: ['layer', 'rms'] },
    },
  ],
  // On the longest way: the patches, two of the attention and two of the MLP a block, the head.
  depth: { perBlock: 4, constant: 2, option: 'blocks' },
  recommended: { projection: 'none', whitening: false, nesterov: false, init: 'glorot-uniform' },
  nodes({ input, classes, number, word }) {
    const [depth, width, patch] = [number('blocks'), number('width'), number('patch')]
    const placement = word('placement') as Placement
    const form: Sublayers = {
      ...{ placement, norm: word('norm') as Sublayers['norm'], width, heads: number('heads') },
      ...{ hidden: width * number('mlp'), depth },
    }
    const unit = (id: string, nodes: NetworkNode[]): NetworkNode => block(id, nodes, { unit: 'block' })
    const hasEnd = placement === 'pre' || placement === 'peri'
    return [
      inputNode(input),
      block('stem', patchNodes(width, patch)),
      block('block', [unit('attention', attentionSublayer(form)), unit('mlp', mlpSublayer(form))], { repeat: depth }),
      ...(hasEnd ? [block('end', [normOf(form, 'norm')])] : []),
      layer('pool', 'global-average-pool'),
      ...headNodes(classes),
    ]
  },
}
