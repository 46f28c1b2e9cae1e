import { brightnessOf } from './brightness'
import { type Check, foundImages } from './check'

/** Share of the pixels that have to be dark. */
const SHARE = 0.99
/** A pixel is dark below this level. */
const DARK = 64

export const dark: Check = {
  name: 'dark',
  isOfPictures: true,
  begin({ images }) {
    const { shape } = images
    const brightness = new Float32Array(shape[0] * shape[1])
    const levels = new Uint32Array(256)
    const found: { image: number; value: number }[] = []
    return {
      see(image, pixels) {
        brightnessOf(pixels, shape[2], brightness)
        levels.fill(0)
        for (const value of brightness) levels[Math.floor(value)]!++
        const level = percentile(levels, SHARE * brightness.length)
        if (level < DARK) found.push({ image, value: level / 255 })
      },
      end: () => foundImages(images, found, found.length > 1 ? 'are dark.' : 'is dark.'),
    }
  },
}

/** The level that so many pixels are not above. */
function percentile(levels: Uint32Array, pixels: number): number {
  let below = 0
  for (let level = 0; level < 256; level++) if ((below += levels[level]!) >= pixels) return level
  return 255
}
