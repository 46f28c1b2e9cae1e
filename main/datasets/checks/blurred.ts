import { brightnessOf } from './brightness'
import { type Check, foundImages } from './check'
import { greatestRange } from './plain'

/** Robust deviations below the median. */
const FAR = 3.5
/** A normal distribution's deviation is so many times its median absolute deviation. */
const MAD_TO_DEVIATION = 1.4826

export const blurred: Check = {
  name: 'blurred',
  isOfPictures: true,
  begin({ images }) {
    const { shape, length } = images
    const brightness = new Float32Array(shape[0] * shape[1])
    /** Logarithm of each image's variance; NaN of images without any detail, which are another check's. */
    const sharpness = new Float32Array(length).fill(NaN)
    return {
      see(image, pixels) {
        if (greatestRange(pixels, shape[2]) <= 3) return
        brightnessOf(pixels, shape[2], brightness)
        sharpness[image] = Math.log(laplacianVariance(brightness, shape[0], shape[1]) + 1e-3)
      },
      end() {
        const known = sharpness.filter((value) => !Number.isNaN(value)).sort()
        const median = known[Math.floor(known.length / 2)] ?? 0
        const distances = known.map((value) => Math.abs(value - median)).sort()
        const deviation = MAD_TO_DEVIATION * (distances[Math.floor(distances.length / 2)] ?? 0)
        const found: { image: number; value: number }[] = []
        sharpness.forEach((value, image) => {
          if (deviation > 0 && value < median - FAR * deviation) found.push({ image, value: (value - median) / deviation })
        })
        return foundImages(images, found, words(found.length))
      },
    }
  },
}

/** What was measured is detail; that its lack is a fault is for whoever looks at it to say. */
function words(found: number): string {
  const said = `${found > 1 ? 'have' : 'has'} far less fine detail than the others of this set`
  return found === 0
    ? `${said}.`
    : `${said}: blurred, or smooth as they should be, as skies and drawings of a few plain lines are. Look before leaving any out.`
}

/** Variance of 4·p − the four neighbours, over the pixels that have all four; 0 for a picture without any such. */
export function laplacianVariance(brightness: Float32Array, height: number, width: number): number {
  let sum = 0
  let squares = 0
  for (let y = 1; y < height - 1; y++)
    for (let x = 1; x < width - 1; x++) {
      const at = y * width + x
      const value =
        4 * brightness[at]! - brightness[at - 1]! - brightness[at + 1]! - brightness[at - width]! - brightness[at + width]!
      sum += value
      squares += value * value
    }
  const count = Math.max(1, (height - 2) * (width - 2))
  return Math.max(0, squares / count - (sum / count) ** 2)
}
