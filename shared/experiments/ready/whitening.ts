import { inSizes, L2_RATE, type Size } from './size'

const BLOCKS: Record<Size['name'], number> = { small: 1, medium: 3, large: 18 }

export const whitening = inSizes(
  {
    name: 'whitening',
    title: 'Whitening or not',
    claim: 'Whitening the fully-connected layer helps the first version’s network to train (arXiv 1805.07477v1).',
    look: 'Loss and test accuracy, at three rates: the whitened layer changes the scale of the logits, and so what a rate means.',
  },
  ({ name }) => {
    const words = `blocks=${BLOCKS[name]},planes=${name === 'large' ? '16/32/64' : '4/8/16'}`
    return [
      {
        name: 'dense layer',
        variants: [
          { label: 'free', set: { network: `proc-resnet-v1:${words}`, 'training.whitening': false } },
          { label: 'whitened', set: { network: `proc-resnet-v1:${words}`, 'training.whitening': true } },
        ],
      },
      {
        name: 'rate',
        variants: [0.001, L2_RATE, 0.01].map((rate) => ({ label: `rate ${rate}`, set: { 'training.rate': rate } })),
      },
    ]
  },
  () => [
    {
      words: 'The net with the whitened layer trains better, at each rate.',
      ...{ measure: 'testAccuracy', axis: 'dense layer', better: 'whitened', than: 'free' },
    },
  ],
  () => ({ nesterov: true, init: 'he-fan-out' }),
)
