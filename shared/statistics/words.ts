import type { EffectSize } from './effect-size'
import { seedsNeeded } from './power'

/** Two digits, more of a large number. */
export const figure = (value: number): string =>
  (Math.abs(value) >= 100 ? String(Math.round(value)) : value.toPrecision(2)).replace('-', '−')

/** `p = 0.012`, `p < 0.0001` */
export function pWords(p: number): string {
  return p < 1e-4 ? 'p < 0.0001' : `p = ${pNumber(p)}`
}

/** The number alone. */
export const pNumber = (p: number): string => (p < 1e-4 ? '< 0.0001' : String(Number(p.toPrecision(2))))

/** `d_z −3.1, g −1.8 (95 % −4.9 to −0.2)`; of two seeds, where nothing is left of g, d_z alone. */
export function effectWords({ d, g, low, high }: EffectSize): string {
  return g === 0 ? `d_z ${figure(d)}` : `d_z ${figure(d)}, g ${figure(g)} (95 % ${figure(low)} to ${figure(high)})`
}

/** How many seeds would tell it apart, were it as large as it came out. @param tests How many are made; each gets its share of 0.05. */
export function seedsWords(g: number, tests: number): string {
  if (g === 0) return 'two seeds cannot say how many would'
  const needed = seedsNeeded(g, 0.05 / Math.max(1, tests))
  if (needed === null) return 'a thousand seeds would not either, were the difference as it is here'
  return `about ${needed} seeds would, four times of five, were the difference as it is here`
}
