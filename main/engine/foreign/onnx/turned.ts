import { type Axes, MOST_AXES, regrouped, sizeOf, stepsTo } from './axes'
import type { Converter, View } from './converter'
import type { Operator, Outcome } from './operator'
import type { OnnxNode } from '../../../formats/onnx/model'
import { viewed } from './views'

/** Operators that put a value's numbers into other axes, or take some of them: https://onnx.ai/onnx/operators. */

type Viewed = View & { readonly axes: Axes }

const UNSEEN = { why: 'the shape of what enters it is not known' } as const

/** An axis told from the first or, below zero, from behind the last; undefined where there is none. */
export const axisOf = (told: number, count: number): number | undefined => {
  const at = told < 0 ? told + count : told
  return Number.isInteger(at) && at >= 0 && at < count ? at : undefined
}

/** What a node is told as an attribute, or, in newer opsets, by a constant. */
export const told = (node: OnnxNode, c: Converter, name: string, at: number): readonly number[] | undefined =>
  node.attributes.ints(name) ?? c.constant(node.inputs[at])?.integers()

const turn = (axes: Axes, order: readonly number[]): Axes => order.map((at) => axes[at]!)

export const transpose: Operator = (node, c) => {
  const value = c.value(node.inputs[0])
  const rank = 'products' in value ? undefined : c.view(node.inputs[0])?.axes.length
  const order = node.attributes.ints('perm') ?? Array.from({ length: rank ?? 0 }, (_, i) => rank! - 1 - i)
  if (order.length > MOST_AXES || new Set(order).size !== order.length || order.some((at) => axisOf(at, order.length) !== at))
    return { why: 'it turns axes that are not there' }
  if ('products' in value) {
    const last = order.length - 1
    const isTurn = order.every((at, i) => at === (i === last ? last - 1 : i === last - 1 ? last : i))
    return isTurn
      ? { products: { ...value.products, isTurned: !value.products.isTurned } }
      : { why: 'it turns the axes of products' }
  }
  const view = c.view(node.inputs[0])
  if (!view) return 'why' in value ? value : UNSEEN
  // Behind a mean over the image the sides of one pixel may still be there.
  const axes = [...view.axes, ...Array.from({ length: Math.max(0, order.length - view.axes.length) }, () => [])]
  return axes.length === order.length
    ? viewed(c, { ...view, axes: turn(axes, order) })
    : { why: 'it turns axes that are not there' }
}

/** The same numbers in other axes. @param sides −1 for what is left. */
function reshaped(c: Converter, name: string | undefined, sides: readonly number[]): Outcome {
  const value = c.value(name)
  if ('products' in value) {
    const { queries, keys, isTurned } = value.products
    const places = [queries, keys].map(({ axes }) => sizeOf(axes?.at(-2) ?? []))
    const isKept = [...(isTurned ? places.reverse() : places)].every((side, i) => sides.at(i - 2) === side)
    return isKept ? value : { why: 'it gives products other axes' }
  }
  const view = c.view(name)
  if (!view) return 'why' in value ? value : UNSEEN
  const axes = sides.length <= MOST_AXES ? regrouped(view.axes, sides) : undefined
  return axes
    ? viewed(c, { ...view, axes })
    : { why: `it makes ${sides.slice(1).join('×')} of ${view.axes.slice(1).map(sizeOf).join('×')}` }
}

/** Zero stands for the side that is there. */
export function reshapeTo(c: Converter, name: string | undefined, shape: readonly number[]): Outcome {
  const axes = c.view(name)?.axes
  return reshaped(
    c,
    name,
    shape.map((side, at) => (side === 0 && axes?.[at] ? sizeOf(axes[at]) : side)),
  )
}

/** Axes of one are put in or taken out. */
export function withAxes(view: Viewed, c: Converter, places: readonly number[] | undefined, isMore: boolean): Outcome {
  const { axes } = view
  if (isMore) {
    const count = axes.length + (places?.length ?? 0)
    const at = new Set(places?.map((place) => axisOf(place, count)))
    if (!places || at.has(undefined) || at.size !== places.length || count > MOST_AXES)
      return { why: 'it gives its input axes that cannot be' }
    const own = [...axes]
    return viewed(c, { ...view, axes: Array.from({ length: count }, (_, i) => (at.has(i) ? [] : own.shift()!)) })
  }
  const gone = places?.map((place) => axisOf(place, axes.length)) ?? [...axes.keys()].filter((at) => axes[at]!.length === 0)
  if (gone.some((at) => at === undefined || sizeOf(axes[at]!) !== 1)) return { why: 'it drops an axis that is longer than one' }
  return viewed(c, { ...view, axes: axes.filter((_, at) => !gone.includes(at)) })
}

const fromOf = (view: View, steps: ReadonlyMap<0 | 1 | 2, number>): readonly [number, number, number] => {
  const of = (axis: 0 | 1 | 2): number => (view.from?.[axis] ?? 0) + (steps.get(axis) ?? 0)
  return [of(0), of(1), of(2)]
}

/** One entry of an axis, which is then no axis any more. */
export function oneOf(c: Converter, view: Viewed, axis: number, entry: number): Outcome {
  const parts = view.axes[axis]!
  const at = axisOf(entry, sizeOf(parts))
  const steps = at === undefined ? undefined : stepsTo(parts, at)
  if (!steps) return { why: 'it takes an entry that is not there, or one image of a batch' }
  return viewed(c, { ...view, from: fromOf(view, steps), axes: view.axes.filter((_, i) => i !== axis) })
}

/** So many entries of an axis that follow one another. */
export function someOf(c: Converter, view: Viewed, axis: number, first: number, count: number): Outcome {
  const parts = view.axes[axis]!
  const [outer, ...inner] = parts
  if (count === sizeOf(parts) && first === 0) return viewed(c, view)
  const within = sizeOf(inner)
  if (
    !outer ||
    outer.of === 'batch' ||
    ![first, count].every(Number.isSafeInteger) ||
    first < 0 ||
    count < 1 ||
    first % within ||
    count % within ||
    first + count > sizeOf(parts)
  )
    return { why: 'it takes a part of its input' }
  const from = fromOf(view, new Map([[outer.of, (first / within) * outer.step]]))
  const size = count / within
  const kept = size === 1 ? inner : [{ ...outer, size }, ...inner]
  return viewed(c, { ...view, from, axes: view.axes.map((one, i) => (i === axis ? kept : one)) })
}
