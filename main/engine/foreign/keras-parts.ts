import { newBefore } from '../../../shared/ops/padding-shortcut'
import { isWholeSlice, type KerasCall, sliceIn } from './keras-calls'
import type { Make } from './keras-layers'

/** Operations of Keras's that take parts of a value, or put zeros behind its channels. */

const NO_PART = { why: 'it takes a part of its input' } as const

/** What stands between the brackets of `x[…]`. */
function indexOf({ args, kwargs }: KerasCall): readonly unknown[] | undefined {
  const [, index] = args
  return args.length === 2 && Object.keys(kwargs).length === 0 && Array.isArray(index) ? (index as unknown[]) : undefined
}

/** A place along an axis, counted from its end where it is below zero. */
function placeIn(told: unknown, side: number): number | undefined {
  const at = typeof told === 'number' && Number.isSafeInteger(told) ? (told < 0 ? told + side : told) : -1
  return at >= 0 && at < side ? at : undefined
}

/** `x[:, 3]` of tokens, `x[:, 1, 2]` of an image; `x[..., 2:5]` of channels; `x[:, ::2, ::2]`. */
export const item: Make = (_, { shape, axes, call }) => {
  const [all, ...parts] = indexOf(call) ?? []
  if (shape?.length !== 3 || axes === 'features' || !isWholeSlice(all)) return NO_PART
  const [height, width, channels] = shape as [number, number, number]
  const sides = axes === 'tokens' ? [height * width] : [height, width]
  if (parts.length === sides.length && parts.every((part) => typeof part === 'number')) {
    const places = parts.map((part, at) => placeIn(part, sides[at]!))
    if (places.includes(undefined)) return NO_PART
    const place = (places as number[]).reduce((at, one, i) => at * sides[i]! + one, 0)
    return { kind: 'token', attributes: place === 0 ? {} : { place } }
  }
  const slices = parts.map(sliceIn)
  if (slices.includes(undefined)) return NO_PART
  if (parts.length === sides.length + 1 && parts.slice(0, -1).every(isWholeSlice)) {
    const { start, stop, step } = slices.at(-1)!
    const [first, end] = [bound(start ?? 0, channels), bound(stop ?? channels, channels)]
    return (step ?? 1) === 1 && end > first
      ? { kind: 'channels', attributes: { ...(first > 0 && { first }), count: end - first } }
      : NO_PART
  }
  const [rows, columns] = slices
  if (axes !== 'image' || parts.length !== 2 || rows!.step !== columns!.step) return NO_PART
  const stride = rows!.step ?? 1
  const isWhole = [rows!, columns!].every(({ start, stop }) => (start ?? 0) === 0 && stop === null)
  return isWhole && stride >= 1 && stride <= 64 ? { kind: 'max-pool', attributes: { size: 1, stride } } : NO_PART
}

const bound = (told: number, side: number): number => Math.min(Math.max(told < 0 ? told + side : told, 0), side)

/** Zeros for further channels. */
export const pad: Make = ({ pad_width: width, mode }, { shape, axes }) => {
  const isPairs = Array.isArray(width) && width.every((pair) => Array.isArray(pair) && pair.length === 2)
  const [ends = [], ...others] = isPairs ? [...(width as number[][])].reverse() : []
  const [before, behind] = ends as [number, number]
  const isOfChannels =
    axes !== 'features' && others.length === (axes === 'image' ? 3 : 2) && others.flat().every((one) => one === 0)
  if (mode !== 'constant' || shape?.length !== 3 || !isOfChannels || !ends.every((end) => Number.isSafeInteger(end) && end >= 0))
    return { why: 'it puts something around its input, and here zeros are put behind channels' }
  const side = before === 0 ? 'after' : 'both'
  if (newBefore(side, before + behind) !== before) return { why: 'its zeros are not the same before and behind' }
  return {
    kind: 'padding-shortcut',
    attributes: { filters: shape[2]! + before + behind, stride: 1, ...(side === 'both' && { side }) },
  }
}
