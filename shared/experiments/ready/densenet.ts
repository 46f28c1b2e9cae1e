import { inSizes, type Size } from './size'

const BLOCKS: Record<Size['name'], number> = { small: 2, medium: 6, large: 16 }

export const densenet = inSizes(
  {
    name: 'densenet',
    title: 'DenseNet with and without',
    claim:
      'Norm preservation guides other nets with skips too: a DenseNet’s transitions can be made norm-preserving (arXiv 1805.07477, discussion).',
    look: 'The ratio at the transitions; inside the dense stages nothing was changed.',
  },
  ({ name }) => {
    const words = `blocks=${BLOCKS[name]},growth=${name === 'large' ? 12 : 6},stages=3`
    return [
      {
        name: 'transitions',
        variants: [
          { label: 'as published', set: { network: `densenet-bc:${words}` } },
          {
            label: 'projected',
            set: {
              network: `densenet-bc:${words},transitions=projected`,
              'training.projection': { layers: ['transition*'] },
            },
          },
          { label: 'L2 pooling', set: { network: `densenet-bc:${words},transitions=l2` } },
        ],
      },
    ]
  },
  () =>
    ['projected', 'L2 pooling'].map((better) => ({
      words: `Over all units, the transitions too, ${better} keeps the norm better than as published.`,
      ...{ measure: 'deviationAll', axis: 'transitions', better, than: 'as published', acrossSets: true },
    })),
)
