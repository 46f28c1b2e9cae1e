import { inSizes, type Size } from './size'

const BLOCKS: Record<Size['name'], number> = { small: 1, medium: 3, large: 9 }

const SGD = 'SGD'
const ADAMW = 'AdamW'
const MUON = 'Muon'
const OPERATOR = 'Muon, operator'
const SOAP = 'SOAP'

export const muon = inSizes(
  {
    name: 'muon',
    title: 'Muon: updates that are isometries',
    claim:
      'Kernels that step along the nearest isometry of their gradient train faster than by SGD or AdamW (Muon, Jordan and others 2024); and of the convolution’s own operator in place of the kernel’s matrix, the step keeps blocks nearer to ratio 1.',
    look: 'Training loss and test accuracy, and the mean deviation. Each optimiser has the best rate of a short look at the medium net with another seed. SOAP stands beside them. The updates’ own spectra: Spectra, a run beside an earlier checkpoint of it, the change.',
  },
  ({ name }) => {
    const widths = name === 'large' ? '16/32/64' : '8/16/32'
    const variant = (label: string, set: Record<string, unknown>) => ({
      label,
      set: { network: `resnet:blocks=${BLOCKS[name]},widths=${widths}`, ...set },
    })
    return [
      {
        name: 'optimiser',
        variants: [
          variant(SGD, { 'training.optimiser': 'sgd', 'training.rate': 0.1 }),
          variant(ADAMW, { 'training.optimiser': 'adamw', 'training.rate': 0.008 }),
          variant(MUON, { 'training.optimiser': 'muon', 'training.muon.scale': 'original', 'training.rate': 0.01 }),
          variant(OPERATOR, { 'training.optimiser': 'muon', 'training.muon.method': 'operator', 'training.rate': 0.016 }),
          variant(SOAP, { 'training.optimiser': 'soap', 'training.rate': 0.016 }),
        ],
      },
    ]
  },
  () => [
    ...[SGD, ADAMW].map((than) => ({
      words: `Muon trains faster than ${than}.`,
      ...{ measure: 'trainLoss', axis: 'optimiser', better: MUON, than },
    })),
    {
      words: 'Steps along the operator’s isometry keep blocks nearer to 1 than those along the matrix’s.',
      ...{ measure: 'deviation', axis: 'optimiser', better: OPERATOR, than: MUON },
    },
  ],
  () => ({ schedule: 'cosine', weightDecay: 0 }),
  ({ name }) => ({
    ...{ data: { name: 'digits' }, batch: 32 },
    ...(name === 'medium' && { seeds: [1, 2, 3] }),
    ...(name === 'small' && { epochs: 1 }),
  }),
)
