import type { Measure } from '../../shared/measures/measure'
import { titleOf, titleWithUnit } from '../../shared/measures/values'
import type { Band, MeanCurve, Repeats } from '../../shared/repeats'
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

/** A difference as `formatDifference` has it, with its unit. */
export const formatSigned = (form: Form, by: number): string =>
  `${formatDifference(form, by, 0)}${form.form === 'share' ? ' %' : ''}`

/** Its title as a heading has it: `Covering c, all units`. @param testedOn See `titleOf`. */
export function headingOf(measure: Measure, testedOn?: readonly string[]): string {
  const title = titleOf(measure, testedOn)
  return title[0]!.toUpperCase() + title.slice(1)
}

/** The same with its unit, as a row of a table has it: `Time of a step, ms`. */
export function rowTitleOf(measure: Measure, testedOn?: readonly string[]): string {
  const title = titleWithUnit(measure, testedOn)
  return title[0]!.toUpperCase() + title.slice(1)
}

/** A text that is broken at its words alone: what stands between bars, a ± and its number, a number and its % stay on one line. */
export function unbroken(text: string): string {
  return text.replace(/\|[^|]*\||± \S+( %)?| %/g, (term) => term.replace(/ /g, '\u00a0'))
}

/** Behind a mean over repeats what is drawn about it: ` ± 0.012, n = 3`, ` (95 %: 0.15 to 0.18), n = 3`; of one value there is no spread to tell. */
export function spreadWords(measure: Form, { deviation, low, high, count }: MeanCurve, band: Band): (index: number) => string {
  const spread = (i: number): string =>
    band === 'bootstrap'
      ? ` (95 %: ${formatMeasure(measure, low[i])} to ${formatMeasure(measure, high[i])})`
      : ` ± ${formatMeasure(measure, deviation[i])}`
  return (i) => `${count[i]! > 1 ? spread(i) : ''}, n = ${count[i]!}`
}

/** A mean with one sample deviation, both to the second digit of the deviation: `0.169 ± 0.0041`, `93.0 ± 0.4 %`. */
export function formatRepeats(measure: Form, repeats: Repeats | null): string {
  if (!repeats) return formatMeasure(measure, null)
  const { mean, deviation } = repeats
  if (deviation === null || (measure.form === 'count' && deviation === 0)) return formatMeasure(measure, mean)
  if (measure.form === 'share') return `${(100 * mean).toFixed(1)} ± ${(100 * deviation).toFixed(1)} %`
  const digits = deviation > 0 ? 1 - Math.floor(Math.log10(deviation)) : 0
  // Where both are read without an exponent, they have the same places.
  if (deviation > 0 && digits >= 0 && digits <= 6 && Math.abs(mean) < 1e5)
    return `${mean.toFixed(digits)} ± ${deviation.toFixed(digits)}`
  return `${formatMeasure(measure, mean)} ± ${deviation === 0 ? '0' : significant(deviation, 2)}`
}
