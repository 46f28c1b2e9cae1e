import type { StepOf } from '../../../../shared/datasets/preparation'
import { UserError } from '../../../../shared/errors'
import type { PixelStep, Shape } from './pixel-step'

/**
 * Grey by the luma of ITU-R BT.601 in whole numbers, (19595 R + 38470 G + 7471 B + 32768) / 65536, as Pillow's `convert("L")`; colour
 * is the grey three times. Images that are so already stay as they are.
 */
export function changeChannels([height, width, channels]: Shape, step: StepOf<'channels'>): PixelStep {
  const wanted = step.channels === 'grey' ? 1 : 3
  const pixels = height * width
  const shape: Shape = [height, width, wanted]
  if (channels === wanted) return { shape, apply: (from, to) => to.set(from.subarray(0, pixels * wanted)) }
  if (channels !== 1 && channels !== 3)
    throw new UserError(`images of ${channels} channels are neither grey nor colour`, { place: 'step "channels"' })
  if (wanted === 3)
    return {
      shape,
      apply(from, to) {
        for (let i = 0; i < pixels; i++) to.fill(from[i]!, 3 * i, 3 * i + 3)
      },
    }
  return {
    shape,
    apply(from, to) {
      for (let i = 0; i < pixels; i++)
        to[i] = (19595 * from[3 * i]! + 38470 * from[3 * i + 1]! + 7471 * from[3 * i + 2]! + 32768) >> 16
    },
  }
}
