import type { Random } from '../../../shared/random'
import { outlines, type Outline } from './outlines'

/** Height and width of an image, pixels. */
export const side = 32
export const pixelBytes = side * side * 3

const figures = Object.values(outlines)

/** One image in the making, red, green, blue, before noise and rounding. A thread draws one at a time. */
const canvas = new Float32Array(pixelBytes)
const columnSin = new Float32Array(side)
const columnCos = new Float32Array(side)

/**
 * Draws one image of class `label` to `target` from `offset` on.
 *
 * Figure and ground are a dark and a light colour, and a coin says which is which: the mean over a class is flat, so no linear model
 * of the pixels tells classes apart. The figure is the more colourful of the two, which a convolutional net soon finds out. Place,
 * size, rotation, squeeze, gradients, stripes, litter and noise are drawn anew each time.
 */
export function drawShape(random: Random, label: number, target: Uint8Array, offset: number): void {
  const dark = 25 + 55 * random.uniform()
  const light = dark + 110 + 60 * random.uniform()
  const inverted = random.uniform() < 0.5
  const ground = drawPaint(random, inverted ? light : dark, 40, 14)
  const figure = drawPaint(random, inverted ? dark : light, 140, 10)

  fill(ground, null, 0, 0, side, side)
  const litter = random.integer(4)
  for (let i = 0; i < litter; i++) drawLitter(random)
  drawFigure(random, figures[label]!, figure)

  const noise = (4 + 16 * random.uniform()) / 1024
  for (let i = 0; i < pixelBytes; i += 3) {
    // Thirty bits make the noise of three channels, each uniform within ± half of its range.
    const word = random.word()
    target[offset + i] = level(canvas[i]! + ((word & 1023) - 511.5) * noise)
    target[offset + i + 1] = level(canvas[i + 1]! + (((word >>> 10) & 1023) - 511.5) * noise)
    target[offset + i + 2] = level(canvas[i + 2]! + (((word >>> 20) & 1023) - 511.5) * noise)
  }
}

function level(value: number): number {
  return value <= 0 ? 0 : value >= 255 ? 255 : (value + 0.5) | 0
}

/** A colour with a gradient and stripes over it. */
interface Paint {
  readonly colour: readonly [red: number, green: number, blue: number]
  /** Change of brightness a pixel to the right and down. */
  readonly gradient: readonly [x: number, y: number]
  /** A wave of this height, and its phase a pixel to the right and down, and at the origin. */
  readonly wave: readonly [height: number, x: number, y: number, phase: number]
}

/**
 * @param brightness Mean of the three channels.
 * @param chroma Greatest difference of two channels.
 * @param relief Greatest change of brightness by gradient and stripes, each.
 */
function drawPaint(random: Random, brightness: number, chroma: number, relief: number): Paint {
  const red = chroma * (random.uniform() - 0.5)
  const green = chroma * (random.uniform() - 0.5)
  const blue = chroma * (random.uniform() - 0.5)
  const grey = brightness - (red + green + blue) / 3
  const slope = (relief * random.uniform()) / (side / 2)
  const slopeAngle = 2 * Math.PI * random.uniform()
  // Stripes 4 to 16 pixels wide, on two paints in three.
  const height = random.uniform() < 0.5 ? relief * random.uniform() : 0
  const frequency = (2 * Math.PI) / (4 + 12 * random.uniform())
  const waveAngle = 2 * Math.PI * random.uniform()
  return {
    colour: [grey + red, grey + green, grey + blue],
    gradient: [slope * Math.cos(slopeAngle), slope * Math.sin(slopeAngle)],
    wave: [height, frequency * Math.cos(waveAngle), frequency * Math.sin(waveAngle), 2 * Math.PI * random.uniform()],
  }
}

/** Where a figure lies: its outline moved, turned and scaled. */
interface Place {
  readonly outline: Outline
  readonly variant: number
  readonly x: number
  readonly y: number
  /** Radii along the figure's own axes, pixels. */
  readonly radiusX: number
  readonly radiusY: number
  readonly angle: number
}

function drawFigure(random: Random, outline: Outline, paint: Paint): void {
  const radius = 9 + 5 * random.uniform()
  const squeeze = 0.85 + 0.3 * random.uniform()
  const freedom = Math.max(1.5, 15.5 - radius)
  const x = (side - 1) / 2 + freedom * (2 * random.uniform() - 1)
  const y = (side - 1) / 2 + freedom * (2 * random.uniform() - 1)
  const angle = 2 * Math.PI * random.uniform()
  paintOver(paint, { outline, variant: random.uniform(), x, y, radiusX: radius * squeeze, radiusY: radius / squeeze, angle })
}

const crumb: Outline = (x, y) => Math.sqrt(x * x + y * y) - 1

/** A dot or a short stroke somewhere, of any brightness, behind the figure. */
function drawLitter(random: Random): void {
  const paint = drawPaint(random, 40 + 175 * random.uniform(), 60, 0)
  const radiusX = 0.8 + 1.2 * random.uniform()
  const radiusY = random.uniform() < 0.5 ? radiusX : 2 + 2 * random.uniform()
  const place = { outline: crumb, variant: 0, x: side * random.uniform(), y: side * random.uniform(), radiusX, radiusY }
  paintOver(paint, { ...place, angle: Math.PI * random.uniform() })
}

function paintOver(paint: Paint, place: Place): void {
  // Half a diagonal more than the circle around the figure covers its corners.
  const reach = Math.max(place.radiusX, place.radiusY) * 1.2 + 1
  const left = Math.max(0, Math.floor(place.x - reach))
  const top = Math.max(0, Math.floor(place.y - reach))
  fill(paint, place, left, top, Math.min(side, Math.ceil(place.x + reach) + 1), Math.min(side, Math.ceil(place.y + reach) + 1))
}

/** Paints the pixels of [left, right) × [top, bottom), each as far as the figure covers it; all of each where there is none. */
function fill(paint: Paint, place: Place | null, left: number, top: number, right: number, bottom: number): void {
  const [red, green, blue] = paint.colour
  const [gradientX, gradientY] = paint.gradient
  const [height, waveX, waveY, phase] = paint.wave
  // sin(a + b) of a column's and a row's share: a sine a column and a row, not a pixel.
  for (let x = left; x < right; x++) {
    columnSin[x] = Math.sin(waveX * x)
    columnCos[x] = Math.cos(waveX * x)
  }
  const cos = place ? Math.cos(place.angle) : 1
  const sin = place ? Math.sin(place.angle) : 0
  const pixelsPerUnit = place ? Math.min(place.radiusX, place.radiusY) : 1
  for (let y = top; y < bottom; y++) {
    const rowSin = height * Math.sin(waveY * y + phase)
    const rowCos = height * Math.cos(waveY * y + phase)
    for (let x = left; x < right; x++) {
      let cover = 1
      if (place) {
        const dx = x - place.x
        const dy = y - place.y
        const u = (dx * cos + dy * sin) / place.radiusX
        const v = (dy * cos - dx * sin) / place.radiusY
        cover = 0.5 - place.outline(u, v, place.variant) * pixelsPerUnit
        if (cover <= 0) continue
        if (cover > 1) cover = 1
      }
      const relief = gradientX * (x - side / 2) + gradientY * (y - side / 2) + columnSin[x]! * rowCos + columnCos[x]! * rowSin
      const i = (y * side + x) * 3
      canvas[i] = canvas[i]! + (red + relief - canvas[i]!) * cover
      canvas[i + 1] = canvas[i + 1]! + (green + relief - canvas[i + 1]!) * cover
      canvas[i + 2] = canvas[i + 2]! + (blue + relief - canvas[i + 2]!) * cover
    }
  }
}
