/** What numbers are allowed, for a field of numbers. */
export interface NumberRange {
  readonly kind: 'integer' | 'number'
  readonly least: number | null
  readonly most: number | null
  /** The least itself is out of the range. */
  readonly leastIsOut?: boolean
}

/** The number that a text is, as people write it: 1 000 and 0,5 too; NaN where it is none. */
export function numberOf(text: string): number {
  return Number(text.replace(/[\s\u202f]/g, '').replace(/^(-?\d*),(\d+)$/, '$1.$2') || NaN)
}

/** The number that a text means, or what is wrong with it in words: `must be a whole number from 1 to 255`. */
export function readNumber(text: string, range: NumberRange): { readonly value: number } | { readonly problem: string } {
  const value = numberOf(text)
  const isRight =
    Number.isFinite(value) &&
    (range.kind === 'number' || Number.isInteger(value)) &&
    value >= (range.least ?? -Infinity) &&
    !(range.leastIsOut && value === range.least) &&
    value <= (range.most ?? Infinity)
  return isRight ? { value } : { problem: `must be ${wanted(range)}` }
}

/** `a whole number from 1 to 255` */
export function wanted({ kind, least, most, leastIsOut }: NumberRange): string {
  const what = kind === 'integer' ? 'a whole number' : 'a number'
  if (least !== null && leastIsOut)
    return `${what} above ${numberText(least)}${most === null ? '' : `, at most ${numberText(most)}`}`
  if (least !== null && most !== null) return `${what} from ${numberText(least)} to ${numberText(most)}`
  if (least !== null) return `${what} of ${numberText(least)} or more`
  return most !== null ? `${what} of ${numberText(most)} or less` : what
}

/**
 * The next number up or down: whole numbers by one, others by one in their first digit (0.9 → 1, 1e-5 → 2e-5, 0.1 → 0.09), never out
 * of the range.
 */
export function stepped(value: number, up: boolean, range: NumberRange, times = 1): number {
  let next = value
  for (let i = 0; i < times; i++) next += up ? stepOf(next, true, range) : -stepOf(next, false, range)
  return within(next, range)
}

function stepOf(value: number, up: boolean, { kind, most }: NumberRange): number {
  if (kind === 'integer') return 1
  if (value === 0) return (most ?? 1) / 10
  const magnitude = Math.floor(Math.log10(Math.abs(value)) + 1e-9)
  const isRound = Math.abs(value) <= 10 ** magnitude * (1 + 1e-9)
  return 10 ** (isRound && !up ? magnitude - 1 : magnitude)
}

/** The next of 1, 2, 5, 10, 20, … up or down; from 0, up to a hundred-thousandth. */
export function leapt(value: number, up: boolean, range: NumberRange): number {
  if (value === 0) return within(up ? 1e-5 : 0, range)
  const size = Math.abs(value)
  const magnitude = Math.floor(Math.log10(size) + 1e-9)
  const grows = up === value > 0
  const around = [0.5, 1, 2, 5, 10].map((digit) => Number((digit * 10 ** magnitude).toPrecision(1)))
  const next = grows ? around.find((one) => one > size * (1 + 1e-9)) : around.reverse().find((one) => one < size * (1 - 1e-9))
  return within(Math.sign(value) * (next ?? size), range)
}

/** Twice or half; what cannot be halved evenly is rounded down. */
export function scaled(value: number, factor: 2 | 0.5, range: NumberRange): number {
  const next = value * factor
  return within(range.kind === 'integer' ? Math.floor(next) : next, range)
}

function within(value: number, { kind, least, most }: NumberRange): number {
  const inside = Math.min(most ?? Infinity, Math.max(least ?? -Infinity, value))
  return kind === 'integer' ? inside : Number(inside.toPrecision(10))
}

/** A number as it is typed: 65536, 0.9, 1e-5. */
export function numberText(value: number): string {
  return value !== 0 && Math.abs(value) < 1e-3 ? value.toExponential() : String(value)
}
