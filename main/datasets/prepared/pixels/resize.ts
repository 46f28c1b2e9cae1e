import type { StepOf } from '../../../../shared/datasets/preparation'
import type { PixelStep, Shape } from './pixel-step'

/** What one pixel of a row is made of: neighbours from `start` on, by weights whose sum is 1. */
interface Mix {
  readonly start: number
  readonly weights: Float64Array
}

/**
 * Rows first, then columns, in double precision; rounded once at the end, halves up. Areas are exact: a pixel of the result is the
 * mean of the rectangle that it covers, with the shares of the pixels at its edge. Bilinear weights are max(0, 1 − |x|/s) of the
 * distance x between the pixels' middles, s the scale where the image shrinks and 1 where it grows: what Pillow and torchvision
 * (with antialias) compute, but for their rounding between the two passes.
 */
export function resize([height, width, channels]: Shape, step: StepOf<'resize'>): PixelStep {
  const weigh = step.method === 'area' ? areas : triangles
  const columns = weigh(width, step.width)
  const rows = weigh(height, step.height)
  const between = new Float64Array(height * step.width * channels)
  return {
    shape: [step.height, step.width, channels],
    apply(from, to) {
      for (let y = 0; y < height; y++)
        columns.forEach(({ start, weights }, x) => {
          for (let channel = 0; channel < channels; channel++) {
            let sum = 0
            for (let i = 0; i < weights.length; i++) sum += weights[i]! * from[(y * width + start + i) * channels + channel]!
            between[(y * step.width + x) * channels + channel] = sum
          }
        })
      const line = step.width * channels
      rows.forEach(({ start, weights }, y) => {
        for (let at = 0; at < line; at++) {
          let sum = 0
          for (let i = 0; i < weights.length; i++) sum += weights[i]! * between[(start + i) * line + at]!
          // Weights of a third, say, come to a half only nearly.
          to[y * line + at] = Math.min(255, Math.floor(sum + 0.5 + 1e-9))
        }
      })
    },
  }
}

/** The share of each pixel in the stretch that a pixel of the result covers. */
function areas(from: number, to: number): Mix[] {
  return Array.from({ length: to }, (_, at) => {
    const [begin, end] = [(at * from) / to, ((at + 1) * from) / to]
    const start = Math.floor(begin)
    const stop = Math.min(from, Math.ceil(end - 1e-9))
    return mix(start, stop, (pixel) => Math.min(end, pixel + 1) - Math.max(begin, pixel))
  })
}

function triangles(from: number, to: number): Mix[] {
  const scale = from / to
  const support = Math.max(1, scale)
  return Array.from({ length: to }, (_, at) => {
    const middle = (at + 0.5) * scale
    const start = Math.max(0, Math.ceil(middle - support - 0.5))
    const stop = Math.min(from, Math.floor(middle + support - 0.5) + 1)
    return mix(start, stop, (pixel) => Math.max(0, 1 - Math.abs(pixel + 0.5 - middle) / support))
  })
}

function mix(start: number, stop: number, weight: (pixel: number) => number): Mix {
  const weights = Float64Array.from({ length: stop - start }, (_, i) => weight(start + i))
  const sum = weights.reduce((all, one) => all + one, 0)
  return { start, weights: weights.map((one) => one / sum) }
}
