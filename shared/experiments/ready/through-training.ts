import type { Initialiser } from '../../configuration'
import { inSizes, type Size } from './size'

const INITIALISERS: readonly Initialiser[] = ['he-fan-in', 'glorot-normal', 'lecun-normal', 'orthogonal', 'delta-orthogonal']
const BLOCKS: Record<Size['name'], number> = { small: 1, medium: 6, large: 9 }

export const throughTraining = inSizes(
  {
    name: 'through-training',
    title: 'Skips keep it through training',
    claim:
      'An initialiser sets the gradient’s norm at the start only; skip connections keep it through all of training (arXiv 1805.07477, section 1).',
    look: 'Plain nets may start near 1 with one initialiser or another and then leave it; the residual nets stay, whichever initialiser they had.',
  },
  ({ name }) => {
    const words = `blocks=${BLOCKS[name]},widths=${name === 'large' ? '16/32/64' : '8/16/32'}`
    return [
      {
        name: 'network',
        variants: [
          { label: 'plain', set: { network: `plain:${words}` } },
          { label: 'ResNet', set: { network: `resnet:${words}` } },
        ],
      },
      {
        name: 'initialiser',
        variants: (name === 'small' ? INITIALISERS.slice(0, 2) : INITIALISERS).map((init) => ({
          label: init,
          set: { 'training.init': init },
        })),
      },
    ]
  },
  () => [
    {
      words: 'After training the residual net lies nearer to 1 than the plain one, with each initialiser.',
      ...{ measure: 'deviation', axis: 'network', better: 'ResNet', than: 'plain' },
    },
  ],
)
