import { type NativeImage, nativeImage } from 'electron'

/**
 * The app's mark, a low and a high point on a line. Drawn here, since the pages have it as an SVG, which the system does not read.
 *
 * @param side Pixels.
 */
export function markImage(side: number): NativeImage {
  return nativeImage.createFromBitmap(mark(side), { width: side, height: side })
}

/** As BGRA, smooth at its edges. */
function mark(side: number): Buffer {
  const pixels = Buffer.alloc(side * side * 4)
  const unit = side / 32
  const put = (x: number, y: number, [r, g, b]: readonly [number, number, number], cover: number): void => {
    if (cover <= 0) return
    const at = (y * side + x) * 4
    const share = Math.min(1, cover)
    const rest = (pixels[at + 3]! / 255) * (1 - share)
    const alpha = share + rest
    for (const [i, value] of [b, g, r].entries()) pixels[at + i] = (value * share + pixels[at + i]! * rest) / alpha
    pixels[at + 3] = 255 * alpha
  }
  const [from, to] = [{ x: 8, y: 21 }, { x: 23, y: 10 }] // prettier-ignore
  const spots = [
    { ...from, colour: [59, 130, 246] as const },
    { ...to, colour: [234, 122, 44] as const },
  ]
  for (let y = 0; y < side; y++)
    for (let x = 0; x < side; x++) {
      const [px, py] = [(x + 0.5) / unit, (y + 0.5) / unit]
      put(x, y, [140, 146, 158], (1.5 - distance(px, py, from, to)) * unit + 0.5)
      for (const spot of spots) put(x, y, spot.colour, (5.5 - Math.hypot(px - spot.x, py - spot.y)) * unit + 0.5)
    }
  return pixels
}

interface Point {
  readonly x: number
  readonly y: number
}

/** Of a point from a stretch. */
function distance(x: number, y: number, from: Point, to: Point): number {
  const [dx, dy] = [to.x - from.x, to.y - from.y]
  const along = Math.min(1, Math.max(0, ((x - from.x) * dx + (y - from.y) * dy) / (dx * dx + dy * dy)))
  return Math.hypot(x - from.x - along * dx, y - from.y - along * dy)
}
