import type { JacobianSpectrum, TheoryAnswer } from '../../../shared/api'

/** The singular values of a Jacobian, or of a kernel, from the smallest to the largest. */
export interface Bar {
  readonly low: number
  readonly high: number
  /** The ends lie no further from what was found. */
  readonly lowError: number
  readonly highError: number
  /** The smallest was not told from 0: it lies somewhere between 0 and `low`. */
  readonly isOpen: boolean
}

/** What was done to a unit or a layer. */
export const REPAIRS = {
  as: { text: 'as it is', colour: 0 },
  projected: { text: 'projected', colour: 2 },
  pooled: { text: 'L2 pooling in its place', colour: 4 },
  whitened: { text: 'whitened', colour: 3 },
} as const
export type Repair = keyof typeof REPAIRS

/** A unit or a dense layer, before and after. */
export interface RepairGroup {
  readonly name: string
  readonly bars: readonly { readonly what: Repair; readonly bar: Bar }[]
}

export function barOf({ smallest, largest }: Pick<JacobianSpectrum, 'smallest' | 'largest'>): Bar {
  const isOpen = smallest.error >= smallest.value
  return { low: smallest.value, high: largest.value, lowError: isOpen ? 0 : smallest.error, highError: largest.error, isOpen }
}

/** Of stem and transitions what projection and L2 pooling make of them, of dense layers what whitening does. */
export function repairGroups({ pieces, whitened }: Pick<TheoryAnswer, 'pieces' | 'whitened'>): RepairGroup[] {
  const exact = ([largest, smallest]: readonly [number, number]): Bar => ({
    ...{ low: smallest, high: largest, lowError: 0, highError: 0, isOpen: smallest <= 0 },
  })
  return [
    ...pieces
      .filter(({ repaired, pooled }) => repaired !== null || pooled !== null)
      .map(({ name, spectrum, repaired, pooled }) => ({
        name,
        bars: [
          { what: 'as' as const, bar: barOf(spectrum) },
          ...(repaired ? [{ what: 'projected' as const, bar: barOf(repaired) }] : []),
          ...(pooled ? [{ what: 'pooled' as const, bar: barOf(pooled) }] : []),
        ],
      })),
    ...whitened.map(({ layer, before, after }) => ({
      name: layer,
      bars: [
        { what: 'as' as const, bar: exact(before) },
        { what: 'whitened' as const, bar: exact(after) },
      ],
    })),
  ]
}

/** What is smaller than this part of the largest value says nothing of where the others lie. */
const LEAST_SHARE = 1e-4

/** Values that an axis is to hold. */
export function reachedBy(bars: readonly Bar[]): number[] {
  return bars.flatMap(({ low, high, isOpen }) => [high, ...(low > LEAST_SHARE * high && !isOpen ? [low] : [])])
}

/** Of how many units with a ratio it lies between the extremes, their errors allowed for. */
export function ratiosBetween(bars: readonly Bar[], ratios: ArrayLike<number>): { between: number; of: number } {
  let [between, of] = [0, 0]
  bars.forEach(({ low, high, lowError, highError, isOpen }, i) => {
    const ratio = ratios[i]!
    if (!Number.isFinite(ratio)) return
    of++
    if (ratio <= high + highError && (isOpen || ratio >= low - lowError)) between++
  })
  return { between, of }
}
