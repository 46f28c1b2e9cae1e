import { inSizes, type OwnSize, type Size } from './size'

/** Blocks: of the MLP in all, of the convolutional nets in each of three stages. From 2 on: log(2L)/L is the same at 1 and 2. */
const SIZES: Record<Size['name'], OwnSize & { readonly blocks: readonly number[]; readonly widths: string }> = {
  small: {
    ...{ blocks: [2, 4, 8], widths: '4/8/16', epochs: 1, seeds: [1] },
    description: 'one epoch of the digits at three depths with one seed, to see that it works',
  },
  medium: {
    ...{ blocks: [2, 4, 8, 16], widths: '8/16/32', epochs: 4, seeds: [1, 2, 3] },
    description: 'four epochs of the digits at four depths with three seeds; on two cores some minutes',
  },
  large: {
    ...{ blocks: [2, 4, 8, 16, 32, 64], widths: '16/32/64', epochs: 30, seeds: [1, 2, 3, 4, 5] },
    description: 'thirty epochs of the digits to 192 blocks with five seeds; a day, or a GPU',
  },
}

const NETWORKS = { resnet: 'ResNet', mlp: 'residual MLP', plain: 'plain' } as const
/** Less than half-way to a deviation that goes with the root of the depth where convolutional nets are concerned: over their depths that is a power of 0.70 of log(2L)/L; over those of the MLPs, 2 to 16, of 0.88. */
const WITHIN = 0.12

export const depthExponent = inSizes(
  {
    name: 'depth-exponent',
    title: 'δ(L) falls as the theorem’s bound does',
    claim:
      'The ratios of a residual network’s blocks lie within 1 ± δ(L) with δ(L) = c·log(2L)/L (arXiv 1805.07477, theorem 1): so their mean deviation falls with depth as log(2L)/L, or faster.',
    look: 'The slope of log mean |r − 1| over log(log(2L)/L), with its 95 % interval: 1 is the theorem’s, more lies below its bound too. A bound says nothing of nets without skips.',
  },
  ({ name }) => [
    {
      name: 'network',
      variants: [
        { label: NETWORKS.resnet, set: { network: `resnet:widths=${SIZES[name].widths}` } },
        { label: NETWORKS.mlp, set: { network: 'residual-mlp:width=32' } },
        { label: NETWORKS.plain, set: { network: `plain:widths=${SIZES[name].widths}` } },
      ],
    },
    { name: 'depth', variants: SIZES[name].blocks.map((n) => ({ label: `n = ${n}`, set: { 'network.blocks': n } })) },
  ],
  () => {
    const law = { law: 'deviation', axis: 'network', slope: 1, within: WITHIN } as const
    return [
      { words: 'In ResNets mean |r − 1| goes with log(2L)/L.', ...law, of: NETWORKS.resnet },
      { words: 'In residual MLPs, whose skips are all identities, it does.', ...law, of: NETWORKS.mlp },
      { words: 'In plain nets it does not.', ...law, of: NETWORKS.plain, isThere: false },
    ]
  },
  () => ({ warmup: 0.5 }),
  ({ name }) => {
    const { blocks: _, widths: __, ...own } = SIZES[name]
    return { ...own, data: { name: 'digits' }, batch: 32 }
  },
)
