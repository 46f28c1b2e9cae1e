import type { Measure } from '../../shared/measures/measure'
import { titleOf } from '../../shared/measures/values'
import { formatCount, formatPercent, formatRatio, significant } from './format'

type Form = Pick<Measure, 'form'>

/** A measure's value as it is read; a dash where there is none. */
export function formatMeasure({ form }: Form, value: number | null | undefined): string {
  if (form === 'share') return formatPercent(value)
  return form === 'count' ? formatCount(value) : formatRatio(value)
}

/** How far a value lies from another one, with its sign; shares in per cent points. Empty where there is no such number. */
export function formatDifference({ form }: Form, value: number | null, other: number | null): string {
  if (value === null || other === null || !Number.isFinite(value - other)) return ''
  const by = value - other
  const size = form === 'share' ? Math.abs(100 * by).toFixed(1) : significant(Math.abs(by), 3)
  return `${by < 0 ? '−' : '+'}${size}`
}

/** Its title as a heading has it: `Covering c, all units`. */
export function headingOf(measure: Measure): string {
  const title = titleOf(measure)
  return title[0]!.toUpperCase() + title.slice(1)
}
