import { depthAxis } from './depth-axis'
import { EXPONENTS, exponentVariants } from './exponents'
import { inSizes, type OwnSize, type Size } from './size'

const SIZES: Record<
  Size['name'],
  OwnSize & { readonly blocks: readonly number[]; readonly width: number; readonly rates: readonly number[] }
> = {
  small: {
    ...{ blocks: [2, 4, 8], width: 16, rates: [0.004, 0.016, 0.064], epochs: 2, seeds: [1] },
    description: 'three rates at three depths for two epochs, to see that it works',
  },
  medium: {
    ...{
      blocks: [4, 16, 64],
      width: 32,
      rates: [0.001, 0.002, 0.004, 0.008, 0.016, 0.032, 0.064, 0.128],
      epochs: 3,
      seeds: [1, 2, 3],
    },
    description: 'eight rates at three depths with three seeds: 216 short runs, most of whose time is their starts',
  },
  large: {
    ...{
      blocks: [4, 8, 16, 32, 64],
      width: 128,
      rates: [0.0005, 0.001, 0.002, 0.004, 0.008, 0.016, 0.032],
      ...{ epochs: 30, seeds: [1, 2, 3] },
    },
    description: 'seven rates at five depths, thirty epochs with three seeds; a day, or a cluster',
  },
}

/** Half-way to a best rate that goes with 1/√L. */
const WITHIN = 0.25
const BASE = 4

export const rateDepth = inSizes(
  {
    name: 'rate-depth',
    title: 'The best rate by depth',
    claim:
      'With branches times L^−α and rates that follow (α = ½ or 1) the best rate stays where it is as the net is made deeper; without, it falls (arXiv 2310.02244, 2505.01618).',
    look: 'The map of the loss by rate and depth, one for each exponent: is the best rate of each row in one column? And the slope of the best rate over depth, with its 95 % interval.',
  },
  ({ name }) => [
    depthAxis(SIZES[name].blocks),
    { name: 'rate', variants: SIZES[name].rates.map((rate) => ({ label: `rate ${rate}`, set: { 'training.rate': rate } })) },
    { name: 'exponent', variants: exponentVariants(BASE) },
  ],
  () => {
    const law = { law: 'best-rate', axis: 'exponent', slope: 0, within: WITHIN } as const
    return [
      { words: 'At α = ½ the best rate is the same at each depth.', ...law, of: EXPONENTS.depthMup },
      { words: 'At α = 1 it is.', ...law, of: EXPONENTS.completeP },
      { words: 'Without multipliers it is not.', ...law, of: EXPONENTS.none, isThere: false },
    ]
  },
  // At a constant rate the losses of nearby rates are within one seed's scatter.
  () => ({ optimiser: 'adamw', weightDecay: 0, schedule: 'cosine' }),
  ({ name }) => {
    const { blocks: _, rates: __, width, ...own } = SIZES[name]
    return { ...own, network: `residual-mlp:norm=layer,width=${width}`, data: { name: 'digits' }, batch: 32 }
  },
)
