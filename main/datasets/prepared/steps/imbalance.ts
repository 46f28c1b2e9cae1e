import type { StepOf } from '../../../../shared/datasets/preparation'
import { changeSplits, type Choose, leastOf, pick, placesByClass } from '../working'

/** Beside the rounding of a power: 5000 · 100^(−1) is 50, not 49. */
const SLACK = 1e-9

/** Cui et al. 2019, section 5.1: ⌊n·ratio^(−k/(K−1))⌋ images of class k, n those of the largest class; never none, never more than there are. */
export const imbalance: Choose<StepOf<'imbalance'>> = (working, { ratio, of = ['train'], seed }, source) =>
  changeSplits(working, of, 'imbalance', (split) => {
    const classes = placesByClass(split, working.classes.length)
    const largest = Math.max(...classes.map(({ length }) => length))
    const chance = (place: number): number => source.chances(split.images[place]!, 'imbalance', seed).first
    const kept = classes.flatMap((places, k) => {
      const share = ratio ** (-k / Math.max(1, classes.length - 1))
      return leastOf(places, Math.max(1, Math.floor(largest * share + SLACK)), chance)
    })
    return pick(
      split,
      kept.sort((a, b) => a - b),
    )
  })
