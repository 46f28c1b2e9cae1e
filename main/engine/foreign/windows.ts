import { samePads } from '../../../shared/ops/padding'

/** Pixels put around an image, in the order of ONNX: before along height and width, then behind. */
export type Pads = readonly [top: number, left: number, bottom: number, right: number]

export interface SlidingWindow {
  readonly size: number
  readonly stride: number
  readonly dilation: number
}

/** Attributes of a layer that slides a window, without those that are the layer's own defaults. */
export type WindowAttributes = Readonly<Record<string, number | string>>

/**
 * Our words for what is put around an image.
 *
 * @param sides Height and width of what enters; null where they cannot be told.
 * @param isPool Whether it is a pool's window, whose default is `valid`.
 * @param isLeftOut Whether means leave out what is put around, as those of SAME alone do here.
 * @returns undefined where the lab has no such padding.
 */
export function paddingOf(
  pads: Pads,
  window: SlidingWindow,
  sides: readonly number[] | null,
  isPool: boolean,
  isLeftOut = false,
): WindowAttributes | undefined {
  const reach = window.dilation * (window.size - 1) + 1
  const [top, left, bottom, right] = pads
  const isEven = top === left && top === bottom && top === right
  // A single pixel is padded by nothing, whatever the word.
  if (isEven && top === 0) return isPool || reach === 1 ? {} : { padding: 'valid' }
  const same = sides?.map((side) => samePads(side, reach, window.stride))
  const isSame = same && top === same[0]![0] && bottom === same[0]![1] && left === same[1]![0] && right === same[1]![1]
  if (isSame && isLeftOut) return { padding: 'same' }
  // With stride 1 and an odd reach all programs put the same around, which is our default of convolutions.
  if (isEven && !isPool && window.stride === 1 && top * 2 === reach - 1) return {}
  if (isEven && top === Math.floor(reach / 2)) return { padding: 'symmetric' }
  if (isEven && (!isPool || top <= window.size / 2)) return { padding: 'explicit', zeros: top }
  if (isSame) return isPool ? { padding: 'same' } : {}
  return undefined
}

/** Layers that leave nothing below 0, of which zeros around an image are no greatest value that was not there. */
const NEVER_BELOW_ZERO: ReadonlySet<string> = new Set(['relu', 'clipped-relu', 'sigmoid', 'hard-sigmoid', 'abs'])

/** Whether zeros around what a layer leaves count in no maximum. */
export const isNeverBelowZero = (kind: string): boolean => NEVER_BELOW_ZERO.has(kind)
