import type { StepOf } from '../../../../shared/datasets/preparation'
import { UserError } from '../../../../shared/errors'
import { type Choose, pick } from '../working'

/** Images by their places in the source, whatever was done before. */
export const leaveOut: Choose<StepOf<'leave-out'>> = (working, { images }, source) => {
  const left = new Set<number>()
  for (const [name, places] of Object.entries(images)) {
    const split = source.splits.findIndex((one) => one.name === name)
    const place = `step "leave-out", data set "${source.summary.name}"`
    if (split < 0)
      throw new UserError(`there is no split "${name}"`, {
        place,
        remedy: `it has ${source.splits.map((one) => one.name).join(' and ')}`,
      })
    const { length } = source.splits[split]!
    for (const index of places) {
      if (index >= length)
        throw new UserError(`there is no image ${name}/${index}`, { place, remedy: `its last one is ${name}/${length - 1}` })
      left.add(source.starts[split]! + index)
    }
  }
  return {
    ...working,
    splits: working.splits.map((split) =>
      pick(
        split,
        [...split.images.keys()].filter((place) => !left.has(split.images[place]!)),
      ),
    ),
  }
}
