import type { Measure } from './measures/measure'
import type { SeedDifference } from './seed-differences'
import { seedsNeeded } from './statistics/power'
import { figure, pNumber } from './statistics/words'

/** A difference with its sign, as a table writes it; shares in per cent points. */
type Show = (form: Pick<Measure, 'form'>, by: number) => string

/** What they are against, and what their tests rest on. */
export function differencesSay([first]: readonly SeedDifference[]): string {
  const rest =
    'p by the paired t test, corrected for all tests here (Holm), and by all ways to flip signs. One seed decides nothing.'
  return first ? `Against ${first.against}, seed by seed; ${rest}` : 'One seed decides nothing.'
}

export const DIFFERENCE_COLUMNS = [
  ...['measure', 'combination', 'n', 'difference', '95 %', 'd_z', 'g', 'g 95 %'],
  ...['p', 'corrected', 'sign flips', 'seeds needed', 'told apart'],
] as const

/** A row a test. */
export function differenceRows(differences: readonly SeedDifference[], show: Show): string[][] {
  return differences.map(({ measure, judgedBy, arm, paired, corrected, isApart }) => {
    const { n, difference, low, high, p, signFlips, effect } = paired
    const form: Pick<Measure, 'form'> = { form: measure.better === 'near one' ? 'number' : measure.form }
    const between = (ends: readonly number[], write: (end: number) => string): string => ends.map(write).join(' to ')
    return [
      ...[judgedBy, arm, String(n), show(form, difference)],
      ...(effect ? [between([low, high], (end) => show(form, end)), figure(effect.d)] : ['no spread', '–']),
      ...(effect && effect.g !== 0 ? [figure(effect.g), between([effect.low, effect.high], figure)] : ['–', '–']),
      ...[p, corrected, signFlips].map((one) => (one === null ? '–' : pNumber(one))),
      effect && effect.g !== 0 ? String(seedsNeeded(effect.g, 0.05 / differences.length) ?? '> 1000') : '–',
      isApart ? 'yes' : 'no',
    ]
  })
}

/** As JSON has a test. */
export function differenceFields({ measure, judgedBy, arm, against, paired, corrected, isApart }: SeedDifference): object {
  return { measure: measure.name, judgedBy, combination: arm, against, ...paired, corrected, apart: isApart }
}
