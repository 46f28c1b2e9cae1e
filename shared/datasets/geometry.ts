import { z } from 'zod'
import { defineStep, field } from './step'

const side = (label: string): ReturnType<typeof field<z.ZodNumber>> =>
  field({ label, says: `${label} of the images afterwards`, unit: 'pixels', schema: z.number().int().min(1).max(4096) })
const height = side('Height')
const width = side('Width')
const size = ({ height, width }: { height: number; width: number }): string => `${height}×${width}`

/** Another number of pixels for the same picture. */
export const resize = defineStep({
  name: 'resize',
  label: 'Resize',
  says: 'Scales the images to a height and width',
  fields: {
    height,
    width,
    method: field({
      label: 'Method',
      says: 'Area: the mean of what a pixel covers; bilinear: weights that fall off in a line, as wide as the scale where it shrinks',
      schema: z.enum(['area', 'bilinear']).default('area'),
      words: { area: 'Area', bilinear: 'Bilinear' },
    }),
  },
  tell: (step) => `resized to ${size(step)} (${step.method})`,
})

/** The middle of the picture. */
export const crop = defineStep({
  name: 'crop',
  label: 'Crop',
  says: 'Cuts the middle out of the images',
  fields: { height, width },
  tell: (step) => `cropped to their middle ${size(step)}`,
})

/** A margin around the picture. */
export const pad = defineStep({
  name: 'pad',
  label: 'Pad',
  says: 'Puts a margin around the images',
  fields: {
    height,
    width,
    value: field({
      label: 'Value',
      says: 'Of the margin’s pixels, 0 black to 255 white',
      schema: z.number().int().min(0).max(255).default(0),
    }),
  },
  tell: (step) => `padded to ${size(step)} with ${step.value}`,
})

/** Grey or colour. */
export const channels = defineStep({
  name: 'channels',
  label: 'Grey or colour',
  says: 'Grey: (19595 R + 38470 G + 7471 B) / 65536, the luma of BT.601; colour: the grey three times',
  fields: {
    channels: field({
      label: 'Channels',
      says: 'Grey has one channel, colour three',
      schema: z.enum(['grey', 'colour']),
      words: { grey: 'Grey', colour: 'Colour' },
    }),
  },
  tell: ({ channels: to }) => (to === 'grey' ? 'made grey (luma of BT.601)' : 'grey made into three channels'),
})
