import { inSizes, type Size } from './size'

/** Two stages of two convolutions a block, stem and head: 10, 50 and 202 layers. */
const BLOCKS: Record<Size['name'], number> = { small: 2, medium: 12, large: 50 }

const FREE = 'free, ReLU'
const ORTHOGONAL = 'orthogonal, ReLU'
const SUBSPACE = 'subspace'
const WHOLE = 'whole, |x|'
const REFLECTIONS = 'whole, reflections'

export const isometric = inSizes(
  {
    name: 'isometric',
    title: 'Isometric on a subspace',
    claim:
      'A very deep net without norms and skips trains where the Jacobians of all its blocks keep norms in one subspace that is not trivial; all directions are not needed (arXiv 2508.02882).',
    look: 'The chain ratio: 1 at every step where all directions are kept, bounded where half the channels are, and lost by ReLU, orthogonal convolutions or not. Then the loss: which of them learn at this depth.',
  },
  ({ name }) => {
    const words = `blocks=${BLOCKS[name]},widths=${name === 'large' ? '16/32' : '8/16'}`
    return [
      {
        name: 'network',
        variants: [
          { label: FREE, set: { network: `plain:${words},norm=none` } },
          { label: ORTHOGONAL, set: { network: `plain:${words},norm=none,convolutions=orthogonal` } },
          { label: SUBSPACE, set: { network: `isometric:${words},form=subspace` } },
          { label: WHOLE, set: { network: `isometric:${words}` } },
          { label: REFLECTIONS, set: { network: `isometric:${words},form=reflections` } },
        ],
      },
    ]
  },
  () => [
    ...[FREE, ORTHOGONAL].flatMap((than) => [
      {
        words: `A kept subspace keeps the norm from end to end nearer than ${than}.`,
        ...{ measure: 'chainRatio' as const, axis: 'network', better: SUBSPACE, than },
      },
      {
        words: `A kept subspace trains better than ${than}.`,
        ...{ measure: 'trainLoss' as const, axis: 'network', better: SUBSPACE, than },
      },
    ]),
    {
      words: 'All directions kept, by |x|, train better than none.',
      ...{ measure: 'trainLoss' as const, axis: 'network', better: WHOLE, than: FREE },
    },
  ],
  () => ({ rate: 0.01 }),
  ({ name }) => (name === 'medium' ? { seeds: [1, 2, 3] } : {}),
)
