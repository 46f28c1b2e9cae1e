import { inSizes, type Size } from './size'

/** Blocks a stage; 6n + 2 layers. The last of each list is what the size can bear. */
const BLOCKS: Record<Size['name'], readonly number[]> = {
  small: [1, 3],
  medium: [3, 9, 18, 36, 72],
  large: [3, 9, 18, 36, 72, 167],
}

const labelOf = (n: number): string => `ResNet-${6 * n + 2}`

export const deeper = inSizes(
  {
    name: 'deeper',
    title: 'Deeper is more norm-preserving',
    claim:
      'The deeper a residual network, the closer each block’s ratio lies to 1: it stays within 1 ± c·log(2L)/L (arXiv 1805.07477, theorem 1).',
    look: 'Does the mean of |r − 1| over the blocks fall with depth, and does the smallest covering c stay where it is? One block that stands out, at a transition say, decides the second.',
  },
  ({ name }) => [
    {
      name: 'depth',
      variants: BLOCKS[name].map((n) => ({
        label: labelOf(n),
        set: { network: `resnet:blocks=${n},widths=${name === 'large' ? '16/32/64' : '4/8/16'}` },
      })),
    },
  ],
  ({ name }) => {
    const [shallowest, deepest] = [BLOCKS[name][0]!, BLOCKS[name][BLOCKS[name].length - 1]!]
    const ends = { axis: 'depth', better: labelOf(deepest), than: labelOf(shallowest) }
    return [
      { words: 'The blocks’ ratios lie nearer to 1 in the deepest net than in the shallowest.', measure: 'deviation', ...ends },
      { words: 'One c covers the blocks of all depths: the smallest does not grow.', measure: 'coveringC', ...ends },
    ]
  },
  // A warm-up, as He et al. 2015 needed for their 110 layers.
  ({ name }) => ({ warmup: name === 'small' ? 0 : 1 }),
)
