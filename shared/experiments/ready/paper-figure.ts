import { inSizes, L2_RATE, type Size } from './size'

const BLOCKS: Record<Size['name'], number> = { small: 1, medium: 6, large: 18 }

export const paperFigure = inSizes(
  {
    name: 'figure',
    title: 'The paper’s figure',
    claim:
      'In a ResNet the transition blocks change the gradient’s norm most; a Procrustes ResNet keeps it there too, in both published forms (arXiv 1805.07477, figures of the ratio over epochs).',
    look: 'The heat maps in a row: dark columns at the ResNet’s transitions, none at those of the two Procrustes ResNets.',
  },
  ({ name }) => {
    const words = `blocks=${BLOCKS[name]},planes=${name === 'large' ? '16/32/64' : '4/8/16'}`
    return [
      {
        name: 'network',
        variants: [
          { label: 'ResNet', set: { network: `preact-resnet:${words}` } },
          {
            label: 'ProcResNet (projected)',
            set: { network: `proc-resnet:${words}`, 'training.projection': { layers: 'transitions' } },
          },
          {
            label: 'ProcResNet v1 (L2 pooling)',
            set: {
              network: `proc-resnet-v1:${words}`,
              'training.whitening': true,
              'training.nesterov': true,
              'training.init': 'he-fan-out',
              'training.rate': L2_RATE,
            },
          },
        ],
      },
    ]
  },
  () =>
    ['ProcResNet (projected)', 'ProcResNet v1 (L2 pooling)'].map((better) => ({
      words: `Over all units, those between the stages too, the ${better} keeps the norm better than the ResNet.`,
      ...{ measure: 'deviationAll', axis: 'network', better, than: 'ResNet', acrossSets: true },
    })),
)
