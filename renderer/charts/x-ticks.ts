import { formatShortCount } from '../ui/format'
import { nearest, roundTicks } from './axis'

/** What a horizontal axis counts: whole things (steps, blocks), numbers in between too (epochs), hundredths, or seconds. */
export type XKind = 'whole' | 'number' | 'per-cent' | 'time'

export interface XTicks {
  readonly values: readonly number[]
  readonly label: (value: number) => string
}

/** Labelled places of a horizontal axis between two ends; no two are labelled alike. */
export function xTicks(kind: XKind, from: number, to: number, wanted: number): XTicks {
  const many = Math.max(1, wanted)
  if (kind === 'time' && (to - from) / many >= 0.5) return timeTicks(from, to, many)
  const unit = kind === 'time' ? 's' : '%'
  const text =
    kind === 'time' || kind === 'per-cent'
      ? (whole: number, exponent: number) => `${formatShortCount(whole, exponent, 0)} ${unit}`
      : formatShortCount
  const { values, texts } = roundTicks(from, to, many, 'inside', text, kind === 'whole' ? 1 : 0)
  return { values, label: (value) => texts[nearest(values, value)] ?? '' }
}

const [MINUTE, HOUR, DAY] = [60, 3600, 86_400]
/** Steps of a clock, seconds. */
const CLOCK = [
  ...[1, 2, 5, 10, 15, 30],
  ...[1, 2, 5, 10, 15, 30].map((n) => n * MINUTE),
  ...[1, 2, 3, 6, 12].map((n) => n * HOUR),
  ...[1, 2, 5, 10, 20, 50, 100].map((n) => n * DAY),
]

function timeTicks(from: number, to: number, wanted: number): XTicks {
  const rough = (to - from) / wanted
  const step = CLOCK.find((seconds) => seconds >= rough * 0.999) ?? Math.ceil(rough / DAY) * DAY
  const first = Math.ceil(from / step - 1e-9)
  const last = Math.floor(to / step + 1e-9)
  const values = Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => (first + i) * step)
  return { values, label: (seconds) => clockText(seconds, step) }
}

/** All units down to that of the step: `1 h 30 min`. */
function clockText(seconds: number, step: number): string {
  const parts = [
    [Math.floor(seconds / DAY), 'd'],
    [Math.floor(seconds / HOUR) % 24, 'h'],
    [Math.floor(seconds / MINUTE) % 60, 'min'],
    [Math.floor(seconds) % 60, 's'],
  ] as const
  const told = parts.filter(([count]) => count > 0).map(([count, unit]) => `${count} ${unit}`)
  const smallest = step < MINUTE ? 's' : step < HOUR ? 'min' : step < DAY ? 'h' : 'd'
  return told.join(' ') || `0 ${smallest}`
}
