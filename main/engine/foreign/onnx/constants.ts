import { elements } from '../../../../shared/ops/op'
import type { Constant } from '../../../formats/onnx/model'
import { closed, MOST_AXES } from './axes'
import type { Reads } from './reads'
import { axisOf } from './turned'

/** What nodes make of constants alone, read when it is asked for. */

/** A file may hold a chain of thousands, each of which is worked out by way of the ones before. */
const MOST_DEEP = 100
const MOST_REPEATED = 2 ** 22

/** The constant of the file that one was made of, and where each number comes from there, by way of so many others. */
interface Origin {
  readonly root: Constant
  readonly depth: number
  readonly at?: ((place: number) => number) | undefined
}
const origins = new WeakMap<Constant, Origin>()
const originOf = (constant: Constant): Origin => origins.get(constant) ?? { root: constant, depth: 0 }

/** The constant of the file that one is all or a part of, in whatever axes, and which part: from which number to which. */
export function sourceOf(constant: Constant): { readonly root: Constant; readonly part: string } {
  const { root, at = (place: number) => place } = originOf(constant)
  return { root, part: constant.length > 0 ? [at(0), at(constant.length - 1), constant.length].join() : '' }
}

const readsOf = new WeakMap<Constant, Reads>()
/** What is read of a constant of the file, by way of what is made of it, is counted there. */
export function countReads(constant: Constant, reads: Reads): void {
  if (!origins.has(constant)) readsOf.set(constant, reads)
}

/** So many of one number, made when they are read. */
export const filledConstant = (length: number, value: number): Constant => ({
  ...{ dims: [length], length },
  floats: () => new Float32Array(length).fill(value),
  integers: () => undefined,
})

/** The same numbers, perhaps in other axes, or some of them, of which no more is worked out than what is asked for. @param at Where each comes from. */
function derived(constant: Constant, dims: readonly number[], at?: (place: number) => number): Constant | undefined {
  const origin = originOf(constant)
  const [{ root, at: before }, depth] = [origin, origin.depth + 1]
  const length = elements(dims)
  if (depth > MOST_DEEP || dims.length > MOST_AXES || !dims.every((side) => Number.isSafeInteger(side) && side >= 0))
    return undefined
  if (!(length <= Math.max(constant.length, MOST_REPEATED)) || (!at && length !== constant.length)) return undefined
  const from = at && before ? (place: number) => before(at(place)) : (at ?? before)
  const made: Constant = {
    ...{ dims, length },
    ...(constant.isTold !== undefined && { isTold: constant.isTold }),
    ...(constant.isNoNumber !== undefined && { isNoNumber: constant.isNoNumber }),
    floats() {
      const values = root.floats()
      readsOf.get(root)?.add(root, values.length + length * depth)
      if (!from) return values
      const result = new Float32Array(length)
      for (let place = 0; place < length; place++) result[place] = values[from(place)]!
      return result
    },
    integers() {
      const values = length <= 64 ? root.integers() : undefined
      return from && values ? Array.from({ length }, (_, place) => values[from(place)]!) : values
    },
  }
  origins.set(made, { root, depth, at: from })
  return made
}

/** Steps from an entry of each axis to the next, row by row. */
function stepsOf(dims: readonly number[]): number[] {
  const steps = new Array<number>(dims.length)
  for (let [axis, step] = [dims.length - 1, 1]; axis >= 0; axis--) {
    steps[axis] = step
    step *= dims[axis]!
  }
  return steps
}

/** Where an entry of these sides lies, by the steps of each axis and where it begins. */
const placeBy =
  (dims: readonly number[], steps: readonly number[], first = 0) =>
  (place: number): number => {
    let [left, to] = [place, first]
    for (let axis = dims.length - 1; axis >= 0; axis--) {
      const along = left % dims[axis]!
      to += along * steps[axis]!
      left = (left - along) / dims[axis]!
    }
    return to
  }

export function reshapedConstant(constant: Constant, sides: readonly number[]): Constant | undefined {
  const kept = sides.map((side, axis) => (side === 0 ? (constant.dims[axis] ?? 0) : side))
  return derived(constant, closed(kept, constant.length))
}

export function turnedConstant(constant: Constant, order: readonly number[]): Constant | undefined {
  const { dims } = constant
  if (order.length !== dims.length || new Set(order).size !== order.length || order.some((axis) => dims[axis] === undefined))
    return undefined
  const steps = stepsOf(dims)
  const turned = order.map((axis) => dims[axis]!)
  return derived(
    constant,
    turned,
    placeBy(
      turned,
      order.map((axis) => steps[axis]!),
    ),
  )
}

/** Some entries of an axis. @param step May be below zero. */
export function someOfConstant(constant: Constant, axis: number, first: number, count: number, step = 1): Constant | undefined {
  const { dims } = constant
  const steps = stepsOf(dims)
  const sides = dims.map((side, at) => (at === axis ? count : side))
  return derived(
    constant,
    sides,
    placeBy(
      sides,
      steps.map((one, at) => (at === axis ? one * step : one)),
      first * (steps[axis] ?? 0),
    ),
  )
}

/** With axes of one put in, or taken out. */
export function withAxesOfOne(
  { dims }: Constant,
  places: readonly number[] | undefined,
  isMore: boolean,
): readonly number[] | undefined {
  const count = dims.length + (isMore ? (places?.length ?? 0) : 0)
  const at = places?.map((place) => axisOf(place, count)) ?? dims.flatMap((side, axis) => (side === 1 ? [axis] : []))
  if (Math.max(count, dims.length) > MOST_AXES || at.includes(undefined)) return undefined
  if (!isMore) return dims.filter((_, axis) => !at.includes(axis))
  const own = [...dims]
  return Array.from({ length: count }, (_, axis) => (at.includes(axis) ? 1 : own.shift()!))
}

/** Repeated along axes of one. */
export function expandedConstant(constant: Constant, wanted: readonly number[]): Constant | undefined {
  const rank = Math.max(wanted.length, constant.dims.length)
  const toRank = (sides: readonly number[]): number[] => [...Array.from({ length: rank - sides.length }, () => 1), ...sides]
  const [own, to] = [toRank(constant.dims), toRank(wanted)]
  if (own.some((side, axis) => side !== 1 && to[axis] !== 1 && to[axis] !== side)) return undefined
  const steps = stepsOf(own).map((step, axis) => (own[axis] === 1 ? 0 : step))
  const sides = own.map((side, axis) => (side === 1 ? to[axis]! : side))
  return derived(constant, sides, sides.join() === own.join() ? undefined : placeBy(sides, steps))
}

/** One of what is the same for each entry of an axis; undefined where it differs. */
export function sameAlong(constant: Constant, axis: number): Constant | undefined {
  const [inner, count] = [elements(constant.dims.slice(axis + 1)), constant.dims[axis] ?? 1]
  if (count === 1) return constant
  const values = constant.floats()
  const { root } = originOf(constant)
  readsOf.get(root)?.add(root, values.length)
  for (let at = 0; at < values.length; at++)
    if (values[at] !== values[at - (Math.floor(at / inner) % count) * inner]) return undefined
  return someOfConstant(constant, axis, 0, 1)
}
