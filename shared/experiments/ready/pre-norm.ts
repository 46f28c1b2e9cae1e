import { inSizes, type OwnSize, type Size } from './size'

const SIZES: Record<Size['name'], OwnSize & { readonly network: string }> = {
  small: {
    ...{ network: 'vit:blocks=6,width=32,heads=4,patch=2', data: { name: 'digits' }, batch: 64, epochs: 5, seeds: [1] },
    description: 'six encoder blocks and five epochs of the digits, to see that it works; one seed decides nothing',
  },
  medium: {
    ...{ network: 'vit:blocks=12,width=32,heads=4,patch=2', data: { name: 'digits' }, batch: 64, epochs: 10, seeds: [1, 2, 3] },
    description: 'twelve encoder blocks, ten epochs of the digits, three seeds; on two cores some minutes',
  },
  large: {
    ...{
      network: 'vit:blocks=48,width=64,heads=4,patch=2',
      data: { name: 'digits' },
      batch: 64,
      epochs: 100,
      seeds: [1, 2, 3, 4, 5],
    },
    description: '48 encoder blocks of width 64, a hundred epochs of the digits, five seeds; for a GPU, or a day',
  },
}

const PRE = 'pre-LN'

export const preNorm = inSizes(
  {
    name: 'pre-norm',
    title: 'Ratio 1 for a bad reason',
    claim:
      'With its norms before the branches (pre-LN) a Transformer’s variance grows with depth, so that its deep blocks tend to the identity (arXiv 2502.05795, section 3): their ratio is near 1 because they do little.',
    look: 'The ratio beside the branch’s share of the variance: a block with a ratio near 1 and a branch of a few per cent keeps the gradient’s norm as a wire would. Post-LN’s blocks work, and their ratios scatter. Look at Peri-LN and DeepNorm, too: whether their ratios near 1 have a better reason; and at the accuracies.',
  },
  () => [
    {
      name: 'norms',
      variants: [
        { label: PRE, set: { 'network.placement': 'pre' } },
        { label: 'post-LN', set: { 'network.placement': 'post' } },
        { label: 'Peri-LN', set: { 'network.placement': 'peri' } },
        { label: 'DeepNorm', set: { 'network.placement': 'deepnorm' } },
      ],
    },
  ],
  () => [
    {
      words: 'After training pre-LN’s ratios lie nearer to 1 than post-LN’s.',
      ...{ measure: 'deviation', axis: 'norms', better: PRE, than: 'post-LN' },
    },
    ...['post-LN', 'Peri-LN'].map((better) => ({
      words: `Fewer of ${better}’s blocks than of pre-LN’s are near the identity.`,
      ...{ measure: 'identityBlocks', axis: 'norms', better, than: PRE },
    })),
  ],
  () => ({ optimiser: 'adamw', rate: 1e-3, warmup: 1, weightDecay: 0.01, init: 'glorot-uniform', measures: { signal: 20 } }),
  ({ name }) => SIZES[name],
)
