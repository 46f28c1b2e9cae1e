import type { StepOf } from '../../../../shared/datasets/preparation'
import { UserError } from '../../../../shared/errors'
import type { PixelStep, Shape } from './pixel-step'

/** The middle; of an odd margin the smaller half is above and to the left. */
export function crop([height, width, channels]: Shape, step: StepOf<'crop'>): PixelStep {
  if (step.height > height || step.width > width)
    throw new UserError(`images of ${height}×${width} cannot be cropped to ${step.height}×${step.width}`, {
      place: 'step "crop"',
      remedy: 'use pad or resize',
    })
  const top = Math.floor((height - step.height) / 2)
  const left = Math.floor((width - step.width) / 2)
  const line = step.width * channels
  return {
    shape: [step.height, step.width, channels],
    apply(from, to) {
      for (let y = 0; y < step.height; y++) {
        const start = ((top + y) * width + left) * channels
        to.set(from.subarray(start, start + line), y * line)
      }
    },
  }
}

/** The image in the middle of a margin; of an odd one the smaller half is above and to the left. */
export function pad([height, width, channels]: Shape, step: StepOf<'pad'>): PixelStep {
  if (step.height < height || step.width < width)
    throw new UserError(`images of ${height}×${width} cannot be padded to ${step.height}×${step.width}`, {
      place: 'step "pad"',
      remedy: 'use crop or resize',
    })
  const top = Math.floor((step.height - height) / 2)
  const left = Math.floor((step.width - width) / 2)
  const line = width * channels
  return {
    shape: [step.height, step.width, channels],
    apply(from, to) {
      to.fill(step.value)
      for (let y = 0; y < height; y++) to.set(from.subarray(y * line, (y + 1) * line), ((top + y) * step.width + left) * channels)
    },
  }
}
