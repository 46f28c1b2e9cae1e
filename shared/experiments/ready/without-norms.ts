import type { Initialiser } from '../../configuration'
import { inSizes, type Size } from './size'

const BLOCKS: Record<Size['name'], number> = { small: 2, medium: 16, large: 50 }

const PLAIN_TANH = 'plain, tanh, delta-orthogonal'
const PLAIN_RELU = 'plain, ReLU, He'

export const withoutNorms = inSizes(
  {
    name: 'without-norms',
    title: 'Initialisers only at the start',
    claim:
      'Without skip connections an initialiser sets the gradient’s norm at the start only; skip connections keep it through all of training (arXiv 1805.07477, section 1), without norm layers too.',
    look: 'No net has a norm layer that could mend what training does. The plain nets start where their initialiser puts them and drift from there; the nets with skips stay or come nearer to 1. The first step’s deviation is in the curve’s first point.',
  },
  ({ name }) => {
    const words = `blocks=${BLOCKS[name]},widths=${name === 'large' ? '16/32/64' : '8/16/32'}`
    const variant = (label: string, network: string, init: Initialiser) => {
      return { label, set: { network: `${network}${words}`, 'training.init': init } }
    }
    return [
      {
        name: 'network',
        variants: [
          variant(PLAIN_TANH, 'plain:norm=none,activation=tanh,', 'delta-orthogonal'),
          variant(PLAIN_RELU, 'plain:norm=none,', 'he-fan-in'),
          variant('SkipInit', 'normfree-resnet:form=skipinit,', 'he-fan-in'),
          variant('Fixup', 'normfree-resnet:form=fixup,', 'he-fan-out'),
          variant('NF-ResNet', 'normfree-resnet:form=nf,', 'he-fan-in'),
        ],
      },
    ]
  },
  () =>
    ['SkipInit', 'Fixup', 'NF-ResNet'].map((better) => ({
      words: `After training ${better} lies nearer to 1 than the plain net that began as an isometry.`,
      ...{ measure: 'deviation' as const, axis: 'network', better, than: PLAIN_TANH },
    })),
  // Without norms a rate of 0.05 ends most of these nets in their first steps.
  () => ({ rate: 0.01, warmup: 0.5 }),
  ({ name }) => (name === 'medium' ? { seeds: [1, 2, 3] } : {}),
)
