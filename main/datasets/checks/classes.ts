import { countWords } from '../../../shared/count-words'
import type { Check } from './check'
import { thingOf } from './images'

/** Of the median class. */
const TINY = 0.1
/** Classes that are told by name. */
const TOLD = 10

export const classes: Check = {
  name: 'classes',
  begin: ({ images }) => ({
    end() {
      const told: string[] = []
      let count = 0
      for (const { name, first, length } of images.splits) {
        const counts = images.classes.map(() => 0)
        for (let image = first; image < first + length; image++) counts[images.labels[image]!]!++
        const median = [...counts].sort((a, b) => a - b)[Math.floor(counts.length / 2)]!
        const few = counts.flatMap((images, label) => (images === 0 || images < TINY * median ? [{ images, label }] : []))
        count += few.length
        const some = few.slice(0, TOLD).map((one) => `${images.classes[one.label]!} (${one.images})`)
        if (few.length > 0) told.push(`in ${name} ${some.join(', ')}${few.length > TOLD ? ', …' : ''}`)
      }
      const sentence =
        count === 0
          ? 'No class is empty or tiny.'
          : `${countWords(count, 'class')} with no or few ${thingOf(images)}s: ${told.join('; ')}.`
      return { count, sentence, images: [], pairs: [], counts: [] }
    },
  }),
}
