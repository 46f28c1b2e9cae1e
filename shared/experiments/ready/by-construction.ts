import { inSizes, type Size } from './size'

const BLOCKS: Record<Size['name'], number> = { small: 1, medium: 2, large: 18 }

const FREE = 'free'
const PARAMETRISED = 'parametrised'
const PROJECTED = 'projected each step'
const REGULARISED = 'regularised'

export const byConstruction = inSizes(
  {
    name: 'by-construction',
    title: 'Orthogonal by construction',
    claim:
      'A stem and transitions that are orthogonal by construction (arXiv 1911.00937, 2501.08076) keep the gradient’s norm at every step, nearer than a projection after the step (arXiv 1805.07477) or a penalty (arXiv 1911.12207) does, and train better than free ones.',
    look: 'The ratio at the stem’s and the transitions’ diamonds: 1 at each step where they are orthogonal. Their spectra tell which singular values the others have, and at which layers.',
  },
  ({ name }) => {
    const words = `blocks=${BLOCKS[name]},planes=${name === 'large' ? '16/32/64' : '4/8/16'}`
    // Windows of 2×2 side by side in all four, as an orthogonal convolution of stride 2 has them.
    const bare = `proc-resnet:${words},transitions=windows`
    return [
      {
        name: 'transition',
        variants: [
          { label: FREE, set: { network: bare } },
          { label: PROJECTED, set: { network: bare, 'training.projection': { layers: 'transitions' } } },
          {
            label: REGULARISED,
            set: { network: bare, 'training.orthogonality': { form: 'operator', layers: 'transitions', strength: 0.1 } },
          },
          { label: PARAMETRISED, set: { network: `proc-resnet:${words},transitions=orthogonal` } },
        ],
      },
    ]
  },
  () => [
    ...[FREE, REGULARISED, PROJECTED].map((than) => ({
      words: `Orthogonal by construction keeps the norm from end to end nearer than ${than}.`,
      ...{ measure: 'chainRatio' as const, axis: 'transition', better: PARAMETRISED, than },
    })),
    {
      words: 'Orthogonal by construction trains better than free.',
      ...{ measure: 'testAccuracy' as const, axis: 'transition', better: PARAMETRISED, than: FREE },
    },
  ],
  undefined,
  ({ name }) => (name === 'medium' ? { seeds: [1, 2, 3] } : {}),
)
