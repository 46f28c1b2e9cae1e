import { inSizes, L2_RATE, type Size } from './size'

const BLOCKS: Record<Size['name'], number> = { small: 1, medium: 3, large: 18 }

export const transitions = inSizes(
  {
    name: 'transitions',
    title: 'Transitions: learned, projected, L2-pooled',
    claim:
      'Making the transition layers norm-preserving, by projection or by L2 pooling, keeps the gradient’s norm where a learned transition loses it, and trains better (arXiv 1805.07477, sections on Procrustes ResNets).',
    look: 'The ratio at the transitions’ diamonds, and the test accuracy at the end.',
  },
  ({ name }) => {
    const words = `blocks=${BLOCKS[name]},planes=${name === 'large' ? '16/32/64' : '4/8/16'}`
    return [
      {
        name: 'transition',
        variants: [
          { label: 'learned', set: { network: `proc-resnet:${words}` } },
          {
            label: 'projected once',
            set: {
              network: `proc-resnet:${words}`,
              'training.projection': { layers: 'transitions', atStart: true, every: 0 },
            },
          },
          {
            label: 'projected each step',
            set: { network: `proc-resnet:${words}`, 'training.projection': { layers: 'transitions' } },
          },
          { label: 'L2 pooling', set: { network: `proc-resnet-v1:${words}`, 'training.rate': L2_RATE } },
        ],
      },
    ]
  },
  () =>
    ['projected each step', 'L2 pooling'].flatMap((better) => [
      {
        words: `${better[0]!.toUpperCase()}${better.slice(1)} keeps the norm from end to end where learned transitions lose it.`,
        ...{ measure: 'chainRatio', axis: 'transition', better, than: 'learned', acrossSets: true },
      },
      {
        words: `${better[0]!.toUpperCase()}${better.slice(1)} trains better than learned.`,
        ...{ measure: 'testAccuracy', axis: 'transition', better, than: 'learned' },
      },
    ]),
)
