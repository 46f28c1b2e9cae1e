import type { StepOf } from '../../../../shared/datasets/preparation'
import { UserError } from '../../../../shared/errors'
import { changeSplits, type Choose } from '../working'

/** An image's first chance decides whether its label is exchanged, the second which of the other classes it gets. */
export const labelNoise: Choose<StepOf<'label-noise'>> = (working, { share, of = ['train'], seed }, source) => {
  const classes = working.classes.length
  if (classes < 2) throw new UserError('there is no other class to exchange a label for', { place: 'step "label-noise"' })
  return changeSplits(working, of, 'label-noise', (split) => ({
    ...split,
    labels: split.labels.map((label, place) => {
      const { first, second } = source.chances(split.images[place]!, 'label-noise', seed)
      return first < share ? (label + 1 + Math.floor(second * (classes - 1))) % classes : label
    }),
  }))
}
