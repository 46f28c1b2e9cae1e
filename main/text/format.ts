import { greatest } from '../../shared/extent'
import type { Measure } from '../../shared/measures/measure'
import type { Repeats } from '../../shared/repeats'

/** Four significant digits, without an exponent where it can be read without. */
export function figure(value: number): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? 'NaN' : value > 0 ? '∞' : '−∞'
  if (value === 0) return '0'
  const size = Math.abs(value)
  if (size < 1e-3 || size >= 1e5) return value.toExponential(2)
  return value.toPrecision(4)
}

/** `1 h 04 min`, `3 min 20 s`, `12 s` */
export function duration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds))
  const [h, min, s] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60]
  if (h > 0) return `${h} h ${String(min).padStart(2, '0')} min`
  return min > 0 ? `${min} min ${String(s).padStart(2, '0')} s` : `${s} s`
}

/** `about 12 s` of an estimate, and less than a second is told so. */
export function aboutDuration(seconds: number): string {
  return seconds < 1 ? 'less than 1 s' : `about ${duration(seconds)}`
}

export function percent(share: number): string {
  return Number.isNaN(share) ? 'NaN' : `${(100 * share).toFixed(1)} %`
}

/** `820 B`, `14.2 kB`, `3.1 GB` */
export function size(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB']
  let at = 0
  while (bytes >= 1000 && at < units.length - 1) {
    bytes /= 1000
    at++
  }
  return `${at === 0 ? bytes : bytes.toFixed(1)} ${units[at]}`
}

/** A measure's value as a table has it; a dash where there is none. */
export function measured({ form }: Pick<Measure, 'form'>, value: number | null): string {
  if (value === null) return '–'
  if (form === 'share') return percent(value)
  return form === 'count' && Number.isFinite(value) ? grouped(value) : figure(value)
}

/** `0.1690 ± 0.0041`, of one value the value alone; a count that is the same in all has no spread. */
export function measuredRepeats(measure: Pick<Measure, 'form'>, repeats: Repeats | null): string {
  if (!repeats) return '–'
  const { mean, deviation } = repeats
  const isSame = measure.form === 'count' && deviation === 0
  return `${measured(measure, mean)}${deviation === null || isSame ? '' : ` ± ${measured(measure, deviation)}`}`
}

/** A difference with its sign, shares in per cent points. */
export function measuredDifference({ form }: Pick<Measure, 'form'>, by: number): string {
  const size = form === 'share' ? `${(100 * Math.abs(by)).toFixed(1)} %` : figure(Math.abs(by))
  return `${by < 0 ? '−' : '+'}${size}`
}

/** 1234567 → `1,234,567` */
export function grouped(value: number): string {
  return value.toLocaleString('en-US')
}

/**
 * Rows of text in columns; the first column is aligned left, the others right. A line break or another control character in a
 * name would part the row, or steer the terminal: a space stands for it.
 */
export function table(given: readonly (readonly string[])[]): string {
  const rows = given.map((row) => row.map((cell) => cell.replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ')))
  const widths = (rows[0] ?? []).map((_, column) => greatest(rows.map((row) => (row[column] ?? '').length)))
  return rows
    .map(
      (row) =>
        row
          .map((cell, column) => (column === 0 ? cell.padEnd(widths[0]!) : cell.padStart(widths[column]!)))
          .join('  ')
          .trimEnd() + '\n',
    )
    .join('')
}
