import { depthAxis } from './depth-axis'
import { inSizes, type OwnSize, type Size } from './size'

/** Blocks of two dense layers, and how much they are trained. */
const SIZES: Record<Size['name'], OwnSize & { readonly blocks: readonly number[] }> = {
  small: {
    ...{ blocks: [2, 4, 8], epochs: 10, seeds: [1] },
    description:
      'ten epochs of the digits, to see that it works; with one seed of three depths the verdict stays open: medium decides',
  },
  medium: {
    // Three seeds of four depths leave the slope an interval of ± 0.22, of which hardly any lies within 0.25 of −1.
    ...{ blocks: [2, 4, 8, 16, 32], epochs: 200, seeds: [1, 2, 3, 4, 5] },
    description: '200 epochs of the digits with five seeds, enough to decide; on two cores a quarter of an hour',
  },
  large: {
    ...{ blocks: [4, 8, 16, 32, 64, 128], epochs: 1000, seeds: [1, 2, 3, 4, 5] },
    description: '1000 epochs of the digits with five seeds; some hours',
  },
}

/** How far from −1 a slope still counts as it: half-way to a law of the root of the depth is 0.25. */
const WITHIN = 0.25

export const depthLaw = inSizes(
  {
    name: 'depth-law',
    title: 'σ₁ goes with 1/L where there are skips',
    claim:
      'The largest singular value of the residual Jacobians of a trained net goes with 1/L, L its blocks; skip connections are what makes it so (arXiv 2401.09018).',
    look: 'The slope of log σ₁ over log L, at an image of the test split, with its 95 % interval: within 0.25 of −1 with skips, and elsewhere without. Look at the accuracies, too: the claim is of nets that have learned what they were shown.',
  },
  ({ name }) => [
    depthAxis(SIZES[name].blocks),
    {
      name: 'skips',
      variants: [
        { label: 'with skips', set: { 'network.skip': 'identity' } },
        { label: 'without', set: { 'network.skip': 'none' } },
      ],
    },
  ],
  () => {
    const law = { law: 'depth-law', axis: 'skips', slope: -1, within: WITHIN } as const
    return [
      { words: 'With skips σ₁ of the residual Jacobians goes with 1/L.', ...law, of: 'with skips' },
      { words: 'Without skips σ₁ of the blocks does not.', ...law, of: 'without', isThere: false },
    ]
  },
  // Long, and with much decay: what is claimed is where training ends; after twenty epochs the slope is near −0.5.
  () => ({ rate: 0.1, weightDecay: 2e-3 }),
  ({ name }) => {
    const { blocks: _, ...own } = SIZES[name]
    return { ...own, network: 'residual-mlp:width=32', data: { name: 'digits' }, batch: 64 }
  },
)
