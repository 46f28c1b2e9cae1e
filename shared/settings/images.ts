import { z } from 'zod'
import { cutText } from '../cut-text'
import { UserError } from '../errors'
import { closest } from '../closest'
import { family } from './family'
import { setting } from './setting'

/** Mirror half of the images, left to right. */
const flip = setting({
  label: 'Mirror images',
  says: 'Mirrors half of the training images, left to right',
  group: 'images',
  schema: z.boolean().default(false),
  option: {
    name: 'augment',
    value: 'flip,crop4,reflect',
    says: 'mirror half of the images, crop them at random after padding with zeros or reflections',
    usual: 'none',
    read: (text) =>
      Object.fromEntries(
        Object.entries(parseAugmentation(text)).map(([name, value]) => [`training.augmentation.${name}`, value]),
      ),
    write(of) {
      const words = [
        ...(of('training.augmentation.flip') ? ['flip'] : []),
        ...(of('training.augmentation.crop') ? [`crop${String(of('training.augmentation.crop'))}`] : []),
        ...(of('training.augmentation.padding') === 'zero' ? [] : [String(of('training.augmentation.padding'))]),
      ]
      return words.length > 0 ? words.join(',') : undefined
    },
  },
})

/** Pixels to pad on each side before a crop of the image's own size at random; 0 for none. */
const crop = setting({
  label: 'Pad and crop',
  says: 'Padding on each side before a crop of the image’s own size at random; 0 for none',
  unit: 'pixels',
  group: 'images',
  schema: z.number().int().min(0).max(1024).default(0),
})

const padding = setting({
  label: 'Padding',
  says: 'What lies beyond the edge of an image that is cropped',
  group: 'images',
  schema: z.enum(['zero', 'reflect']).default('zero'),
  words: { zero: 'Zeros', reflect: 'Reflection' },
  applies: (of) => Number(of('training.augmentation.crop')) > 0,
})

export const augmentation = family({ flip, crop, padding })

/** `channel`: less the training split's mean, over its deviation, channel by channel. `none`: 0–1. */
export const standardisation = setting({
  label: 'Standardisation',
  says: 'By channel: less the training split’s mean, over its deviation; none leaves the pixels at 0–1',
  group: 'images',
  schema: z.enum(['channel', 'none']).default('channel'),
  words: { channel: 'By channel', none: 'None' },
})

/**
 * `flip,crop4,reflect`: what is done to the training images.
 *
 * @throws UserError for another word.
 */
function parseAugmentation(text: string): { flip: boolean; crop: number; padding: 'zero' | 'reflect' } {
  const result = { flip: false, crop: 0, padding: 'zero' as 'zero' | 'reflect' }
  for (const word of text.split(',').map((part) => part.trim())) {
    const width = /^crop(\d{1,4})$/.exec(word)
    if (width) result.crop = Number(width[1])
    else if (word === 'flip') result.flip = true
    else if (word === 'zero' || word === 'reflect') result.padding = word
    else if (word !== 'none') {
      const near = closest(word, ['flip', 'crop4', 'zero', 'reflect', 'none'])
      const remedy = `${near === undefined ? '' : `perhaps ${near}; `}write it like flip,crop4,reflect`
      throw new UserError(`"${cutText(word)}" is no augmentation`, { place: '--augment', remedy })
    }
  }
  return result
}
