import { depthAxis } from './depth-axis'
import { EXPONENTS, exponentVariants } from './exponents'
import { inSizes, type OwnSize, type Size } from './size'

/** Blocks of two dense layers, and training images: four steps of 32. */
const SIZES: Record<Size['name'], OwnSize & { readonly blocks: readonly number[]; readonly width: number }> = {
  small: {
    ...{ blocks: [4, 8, 16], width: 32, epochs: 1, seeds: [1] },
    description: 'four steps at three depths with one seed, in half a minute',
  },
  medium: {
    ...{ blocks: [4, 8, 16, 32, 64], width: 64, epochs: 1, seeds: [1, 2, 3] },
    description: 'four steps at five depths with three seeds; some minutes, most of which are starts of runs',
  },
  large: {
    ...{ blocks: [4, 8, 16, 32, 64, 128, 256], width: 256, epochs: 1, seeds: [1, 2, 3, 4, 5] },
    description: 'four steps of wider nets to 256 blocks with five seeds; an hour',
  },
}

/** Half-way to a change that goes with the root of the depth. */
const WITHIN = 0.25
const BASE = 4

export const coordinateCheck = inSizes(
  {
    name: 'coordinate-check',
    title: 'A step moves a deep net as far as a shallow one',
    claim:
      'Where branches are multiplied by L^−α and rates follow (α = ½ or 1), steps change activations by as much at each depth; without, by more the deeper the net (arXiv 2310.02244, 2505.01618).',
    look: 'How far four steps of AdamW have moved what leaves the last block: its slope over depth, with its 95 % interval, lies within 0.25 of 0 with multipliers and elsewhere without. It says that sizes are right, and nothing of which exponent trains better.',
  },
  ({ name }) => [depthAxis(SIZES[name].blocks), { name: 'exponent', variants: exponentVariants(BASE) }],
  () => {
    const law = { law: 'moved', axis: 'exponent', slope: 0, within: WITHIN } as const
    return [
      { words: 'At α = ½ the change is the same at each depth.', ...law, of: EXPONENTS.depthMup },
      { words: 'At α = 1 it is.', ...law, of: EXPONENTS.completeP },
      { words: 'Without multipliers it is not.', ...law, of: EXPONENTS.none, isThere: false },
    ]
  },
  () => ({ optimiser: 'adamw', rate: 0.0005, weightDecay: 0, milestones: [] }),
  ({ name }) => {
    const { blocks: _, width, ...own } = SIZES[name]
    return {
      ...own,
      network: `residual-mlp:norm=layer,width=${width}`,
      data: { name: 'digits', train: 128, test: 64 },
      batch: 32,
    }
  },
)
