import type { Layer } from './expand'

/** A kernel [kh, kw, in / groups, out] or [in, out], group by group. A depthwise kernel [kh, kw, channels, multiplier] has the same numbers in the same order, and a group a channel. */
export interface KernelGroups {
  readonly groups: number
  /** 1 of a dense layer. */
  readonly taps: number
  /** Channels that one output sees, and outputs that see one channel. */
  readonly entering: number
  readonly leaving: number
}

export function kernelGroups({ op, attributes, inputShapes }: Layer, shape: readonly number[]): KernelGroups {
  const [entering, leaving] = shape.slice(-2) as [number, number]
  const taps = shape.length === 4 ? shape[0]! * shape[1]! : 1
  if (op.kind === 'depthwise-conv2d') return { groups: inputShapes[0]!.at(-1)!, taps, entering: 1, leaving }
  const groups = Number(attributes['groups'] ?? 1)
  return { groups, taps, entering, leaving: leaving / groups }
}
