import { elements } from '../../../../shared/ops/op'
import type { Shape } from '../../../../shared/ops'

/** More than any network's; a file may say thousands. */
export const MOST_AXES = 16

/** A batch whose size is open: a prime that no side has, so that it is found again in what is multiplied with it. */
export const OPEN_BATCH = 1_000_003

/** A part of an axis: entry i of it lies i·step further along the batch, or along an axis of what leaves a layer of ours: 0 height, 1 width, 2 channels. */
export interface Atom {
  readonly of: 'batch' | 0 | 1 | 2
  readonly size: number
  readonly step: number
}
/** How a tensor of another program has what leaves a layer: each of its axes, from the outermost part to the innermost. An axis of one has none, nor has a batch of one. */
export type Axes = readonly (readonly Atom[])[]

const whole = (of: Atom['of'], size: number): Atom[] => (size === 1 ? [] : [{ of, size, step: 1 }])

/** Batch × channels × height × width, or batch × features. */
export const standardAxes = (shape: Shape, batch: number): Axes =>
  shape.length === 3
    ? [whole('batch', batch), whole(2, shape[2]!), whole(0, shape[0]!), whole(1, shape[1]!)]
    : [whole('batch', batch), whole(2, shape[0] ?? 1)]

export const sizeOf = (axis: readonly Atom[]): number => axis.reduce((product, { size }) => product * size, 1)

/** Neighbours that are one stretch are one part. */
function merged(axis: readonly Atom[]): Atom[] {
  const result: Atom[] = []
  for (const atom of axis) {
    const last = result[result.length - 1]
    if (atom.size === 1) continue
    if (last && last.of === atom.of && last.of !== 'batch' && last.step === atom.step * atom.size)
      result[result.length - 1] = { of: last.of, size: last.size * atom.size, step: atom.step }
    else result.push(atom)
  }
  return result
}

export const sameAxes = (a: Axes, b: Axes): boolean =>
  a.length === b.length && JSON.stringify(a.map(merged)) === JSON.stringify(b.map(merged))
/** Whether they lie in one order, however they are grouped. */
export const sameOrder = (a: Axes, b: Axes): boolean => sameAxes([a.flat()], [b.flat()])

/** Sides of which one may be −1: whatever the others leave of so many numbers. */
export function closed(sides: readonly number[], count: number): number[] {
  const known = elements(sides.filter((side) => side !== -1))
  return sides.map((side) => (side === -1 ? count / known : side))
}

/**
 * The same numbers in other axes.
 *
 * @param sides One of them may be −1: what is left.
 * @returns undefined where an axis would be cut across its parts.
 */
export function regrouped(axes: Axes, sides: readonly number[]): Axes | undefined {
  const all = axes.reduce((product, axis) => product * sizeOf(axis), 1)
  const wanted = closed(sides, all)
  if (elements(wanted) !== all || !wanted.every((side) => Number.isSafeInteger(side) && side > 0)) return undefined
  const atoms = [...axes.flat()]
  const result: Atom[][] = []
  for (const side of wanted) {
    const axis: Atom[] = []
    let need = side
    while (need > 1) {
      const atom = atoms.shift()
      if (!atom) return undefined
      if (need % atom.size === 0) {
        axis.push(atom)
        need /= atom.size
      } else if (atom.size % need === 0 && atom.of !== 'batch') {
        const inner = atom.size / need
        axis.push({ of: atom.of, size: need, step: atom.step * inner })
        atoms.unshift({ of: atom.of, size: inner, step: atom.step })
        need = 1
      } else return undefined
    }
    result.push(merged(axis))
  }
  return atoms.every(({ size }) => size === 1) ? result : undefined
}

/** Where an axis's entries lie that are told by a number, one part after another; undefined where they are of the batch. */
export function stepsTo(axis: readonly Atom[], entry: number): ReadonlyMap<0 | 1 | 2, number> | undefined {
  const steps = new Map<0 | 1 | 2, number>()
  let left = entry
  for (const { of, size, step } of [...axis].reverse()) {
    if (of === 'batch') return undefined
    steps.set(of, (steps.get(of) ?? 0) + (left % size) * step)
    left = Math.floor(left / size)
  }
  return steps
}

/** The offsets along an axis of ours of all that these parts reach, the outermost first. */
export function reached(atoms: readonly Atom[]): number[] {
  return atoms.reduce<number[]>(
    (before, { size, step }) => before.flatMap((at) => Array.from({ length: size }, (_, i) => at + i * step)),
    [0],
  )
}

/** A number of single precision as people write it. */
export const single = (value: number): number => Number(value.toPrecision(7))
