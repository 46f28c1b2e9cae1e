import { type Check, foundImages } from './check'

/** Levels that a channel's darkest and lightest pixel may be apart. */
const MOST_APART = 3

export const plain: Check = {
  name: 'plain',
  isOfPictures: true,
  begin({ images }) {
    const found: { image: number; value: number }[] = []
    return {
      see(image, pixels) {
        const apart = greatestRange(pixels, images.shape[2])
        if (apart <= MOST_APART) found.push({ image, value: apart })
      },
      end: () => foundImages(images, found, found.length > 1 ? 'are of a single colour.' : 'is of a single colour.'),
    }
  },
}

/** The greatest distance of two pixels' levels in any one channel. */
export function greatestRange(pixels: Uint8Array, channels: number): number {
  let greatest = 0
  for (let channel = 0; channel < channels; channel++) {
    let least = 255
    let most = 0
    for (let i = channel; i < pixels.length; i += channels) {
      const level = pixels[i]!
      if (level < least) least = level
      if (level > most) most = level
    }
    if (most - least > greatest) greatest = most - least
  }
  return greatest
}
