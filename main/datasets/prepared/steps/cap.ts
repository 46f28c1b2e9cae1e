import type { StepOf } from '../../../../shared/datasets/preparation'
import { changeSplits, type Choose, leastOf, pick, placesByClass } from '../working'

/** Those with the least chances stay: a larger cap keeps what a smaller one kept. */
export const cap: Choose<StepOf<'cap'>> = (working, { images, per, of, seed }, source) =>
  changeSplits(working, of ?? working.splits.map(({ name }) => name), 'cap', (split) => {
    const groups = per === 'class' ? placesByClass(split, working.classes.length) : [[...split.labels.keys()]]
    const chance = (place: number): number => source.chances(split.images[place]!, 'cap', seed).first
    const kept = groups.flatMap((places) => leastOf(places, images, chance))
    return pick(
      split,
      kept.sort((a, b) => a - b),
    )
  })
