interface Pixels {
  readonly height: number
  readonly width: number
  readonly channels: 1 | 3
  /** [height, width, channels]. */
  readonly pixels: Uint8Array
}

/** A picture as it is to be seen. Source of the eight ways: CIPA DC-008 (Exif 2.32), section 4.6.4, tag Orientation. */
export function turned(picture: Pixels, orientation: number): Pixels {
  if (orientation <= 1 || orientation > 8) return picture
  const { height, width, channels, pixels } = picture
  const isAcross = orientation >= 5
  const [newHeight, newWidth] = isAcross ? [width, height] : [height, width]
  const result = new Uint8Array(pixels.length)
  for (let y = 0; y < newHeight; y++)
    for (let x = 0; x < newWidth; x++) {
      const [row, column] = source(orientation, x, y, width, height)
      const from = (row * width + column) * channels
      const to = (y * newWidth + x) * channels
      for (let c = 0; c < channels; c++) result[to + c] = pixels[from + c]!
    }
  return { height: newHeight, width: newWidth, channels, pixels: result }
}

/** Row and column of the stored picture that are seen at (x, y). */
function source(orientation: number, x: number, y: number, width: number, height: number): [row: number, column: number] {
  switch (orientation) {
    case 2:
      return [y, width - 1 - x]
    case 3:
      return [height - 1 - y, width - 1 - x]
    case 4:
      return [height - 1 - y, x]
    case 5:
      return [x, y]
    case 6:
      return [height - 1 - x, y]
    case 7:
      return [height - 1 - x, width - 1 - y]
    default:
      return [x, width - 1 - y]
  }
}
