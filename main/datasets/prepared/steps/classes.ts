import { closest } from '../../../../shared/closest'
import { cutText } from '../../../../shared/cut-text'
import type { StepOf } from '../../../../shared/datasets/preparation'
import { UserError } from '../../../../shared/errors'
import { type Choose, pick } from '../working'

/** The classes that stay keep their order; their labels close up. */
export const classes: Choose<StepOf<'classes'>> = (working, { classes: wanted }) => {
  for (const name of wanted)
    if (!working.classes.includes(name)) {
      const near = closest(name, working.classes)
      throw new UserError(`there is no class "${cutText(name)}"`, {
        place: 'step "classes"',
        remedy: near === undefined ? `there are ${working.classes.slice(0, 20).join(', ')}` : `perhaps ${near}`,
      })
    }
  const kept = working.classes.filter((name) => wanted.includes(name))
  const labelOf = working.classes.map((name) => kept.indexOf(name))
  return {
    classes: kept,
    splits: working.splits.map((split) => {
      const places = [...split.labels.keys()].filter((place) => labelOf[split.labels[place]!]! >= 0)
      const some = pick(split, places)
      return { ...some, labels: some.labels.map((label) => labelOf[label]!) }
    }),
  }
}
