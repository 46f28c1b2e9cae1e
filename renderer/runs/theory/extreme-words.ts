import { plainNumber } from '../../ui/format'
import type { Bar } from './theory-bars'

/** `0.31 ± 0.002 to 2.14`; errors of less than a thousandth are not worth the room. */
export function extremeWords({ low, high, lowError, highError, isOpen }: Bar): string {
  const end = (value: number, error: number): string => {
    const isWorth = error > 1e-3 * value && value > 0
    return `${short(value)}${isWorth ? ` ± ${short(error, 1)}` : ''}`
  }
  const least = isOpen ? (low > 1e-4 * high ? `0…${short(low)}` : '0') : end(low, lowError)
  return `${least} to ${end(high, highError)}`
}

const short = (value: number, digits = 3): string => plainNumber(Number(value.toPrecision(digits)))
