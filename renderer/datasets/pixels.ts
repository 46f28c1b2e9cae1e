import type { PackedImages } from '../../shared/api'

/** One of packed images as a canvas takes it: grey becomes three equal channels, all is opaque. */
export function putImage(images: PackedImages, index: number, target: Uint8ClampedArray, at: number, rowBytes: number): void {
  const { height, width, channels, pixels } = images
  let from = index * height * width * channels
  for (let y = 0; y < height; y++) {
    let to = at + y * rowBytes
    for (let x = 0; x < width; x++, to += 4, from += channels) {
      target[to] = pixels[from]!
      target[to + 1] = pixels[channels >= 3 ? from + 1 : from]!
      target[to + 2] = pixels[channels >= 3 ? from + 2 : from]!
      target[to + 3] = 255
    }
  }
}

/** One of packed images by itself. */
export function imageData(images: PackedImages, index: number): ImageData {
  const { height, width } = images
  const data = new Uint8ClampedArray(4 * height * width)
  putImage(images, index, data, 0, 4 * width)
  return new ImageData(data, width, height)
}

/** How many images packed ones are. */
export const countOf = ({ height, width, channels, pixels }: PackedImages): number => pixels.length / (height * width * channels)

export const channelNames = (channels: number): readonly string[] =>
  channels === 1
    ? ['grey']
    : channels === 3
      ? ['red', 'green', 'blue']
      : Array.from({ length: channels }, (_, i) => `channel ${i + 1}`)
