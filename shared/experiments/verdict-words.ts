import { findMeasure } from '../measures'
import type { Measure } from '../measures/measure'
import type { Repeats } from '../repeats'
import { leastExactP } from '../statistics/paired'
import { effectWords, pWords, seedsWords } from '../statistics/words'
import { IDENTITIES_LEAD, identitiesLine } from './identities'
import type { Finding } from './judged-cell'
import type { LawJudgement } from './law-verdict'
import { lawWords } from './power-law'
import type { ComparedJudgement, Comparison, Judgement, Verdict } from './verdict'

/** What a judgement rests on, as a line of a report. */
export interface VerdictLine {
  readonly finding: Finding
  readonly numbers: string
  /** Why it came out so. */
  readonly reason: string
}

/** How numbers are written. */
export interface NumberWords {
  /** A mean with its deviation. */
  readonly repeats: (form: Pick<Measure, 'form'>, repeats: Repeats) => string
  /** A difference with its sign; shares in per cent points. */
  readonly difference: (form: Pick<Measure, 'form'>, value: number) => string
  readonly number: (value: number) => string
}

/** A line a comparison, or the law's. @param tests Comparisons of the whole claim, see `testsOf`. */
export function linesOf(judgement: Judgement, show: NumberWords, tests: number): VerdictLine[] {
  if ('law' in judgement) return [lawLine(judgement, show)]
  return judgement.comparisons.map((one) => ({
    finding: one.finding,
    numbers: numbersOf(judgement, one, (repeats) => show.repeats(formOf(judgement), repeats)),
    reason: reasonOf(one, tests, (value) => show.difference(formOf(judgement), value)),
  }))
}

/** `by mean |r − 1|, all units (over 3 units: blocks)` */
export function judgedByWords(judgement: Judgement): string {
  const aside = 'law' in judgement ? [] : [judgement.sets, judgement.leftOut].filter((one) => one !== null)
  return `by ${judgement.judgedBy}${aside.length > 0 ? ` (${aside.join('; ')})` : ''}`
}

/** Of what leaves a law open; a map has hundreds of runs. */
const MOST_TOLD = 4

function lawLine({ expectation, law, points, finding, missing }: LawJudgement, { number }: NumberWords): VerdictLine {
  const { of, slope, within } = expectation
  const numbers = `${of}: ${law ? lawWords(law, number, points.some(({ runs }) => runs.length > 1) ? 'points' : 'runs') : 'no slope'}`
  const ends = [slope - within, slope + within].map((end) => String(Number(end.toPrecision(4))).replace('-', '−')).join(' to ')
  if (missing.length > 0) {
    const more = missing.length - MOST_TOLD
    return { finding, numbers, reason: `open: ${missing.slice(0, MOST_TOLD).join('; ')}${more > 0 ? `; and ${more} more` : ''}` }
  }
  const isInside = (finding === 'supported') === expectation.isThere
  const reason =
    finding === 'undecided'
      ? `its interval reaches both sides of an end of ${ends}`
      : `its interval lies ${isInside ? 'within' : 'outside of'} ${ends}`
  return { finding, numbers, reason }
}

/** How the numbers of a judgement are written: a logarithm is a plain number, whatever the measure. */
function formOf({ expectation, judgedBy }: ComparedJudgement): Pick<Measure, 'form'> {
  const form = findMeasure(expectation.measure)?.form ?? 'number'
  return { form: judgedBy.startsWith('|ln') ? 'number' : form }
}

/** `ResNet-56 0.239 ± 0.012 (n = 3)` */
function sideWords(label: string, repeats: Repeats | null, show: (repeats: Repeats) => string): string {
  return repeats ? `${label} ${show(repeats)} (n = ${repeats.count})` : `${label}: no value`
}

/** Both sides with their numbers. */
function numbersOf(
  { expectation }: ComparedJudgement,
  { at, better, than }: Comparison,
  show: (repeats: Repeats) => string,
): string {
  const place = at.length > 0 ? `${at.join(' · ')}: ` : ''
  return `${place}${sideWords(expectation.better, better, show)} against ${sideWords(expectation.than, than, show)}`
}

/** How many comparisons a claim has, open ones too; what each p is corrected for. */
export function testsOf({ judgements }: Verdict): number {
  return judgements.reduce((sum, one) => sum + ('law' in one ? 0 : one.comparisons.length), 0)
}

/** Why a comparison came out as it did, with difference, effect size and tests. */
function reasonOf({ finding, missing, paired, corrected }: Comparison, tests: number, show: (value: number) => string): string {
  if (missing.length > 0 || !paired) return `open: ${missing.join('; ')}`
  const { n, difference, low, high, p, signFlips, effect } = paired
  const by = `difference ${show(difference)}`
  if (p === null || !effect) return `${by} with every seed: no spread to judge it by`
  const told = [
    `${by} (95 % ${show(low)} to ${show(high)})`,
    effectWords(effect),
    `paired t ${pWords(p)}${tests > 1 ? `, of ${tests} comparisons ${pWords(corrected!)}` : ''}`,
    `sign flips ${pWords(signFlips)}${signFlips <= leastExactP(n) ? `, the least of ${n} seeds` : ''}`,
  ]
  if (finding === 'undecided') told.push(`not told apart; ${seedsWords(effect.g, tests)}`)
  else told.push(`told apart, ${finding === 'supported' ? 'as expected' : 'the other way'}`)
  return told.join('; ')
}

/** Where ratios are near 1 for a bad reason: a sentence, and a line a combination; nothing where there is none. */
export function identityLines({ identities }: Verdict, { repeats }: Pick<NumberWords, 'repeats'>): readonly string[] {
  if (identities.length === 0) return []
  return [IDENTITIES_LEAD, ...identities.map((one) => identitiesLine(one, (share) => repeats({ form: 'share' }, share)))]
}

/** A verdict as JSON has it: findings, numbers and what is missing. */
export function verdictFields({ claim, finding, judgements, identities }: Verdict): object {
  const expectations = judgements.map((one) => ('law' in one ? lawFields(one) : comparedFields(one)))
  return { claim, finding, expectations, ...(identities.length > 0 && { identities }) }
}

function comparedFields({ expectation, judgedBy, finding, comparisons, sets }: ComparedJudgement): object {
  const side = (label: string, repeats: Repeats | null): object => ({
    ...{ label, mean: repeats?.mean ?? null, deviation: repeats?.deviation ?? null, n: repeats?.count ?? 0 },
  })
  return {
    ...{ words: expectation.words, measure: expectation.measure, judgedBy, finding, sets },
    comparisons: comparisons.map((one) => ({
      ...{ at: one.at, finding: one.finding },
      better: side(expectation.better, one.better),
      than: side(expectation.than, one.than),
      paired: one.paired && { ...one.paired, corrected: one.corrected },
      missing: one.missing,
    })),
  }
}

function lawFields({ expectation, judgedBy, finding, law, points, missing }: LawJudgement): object {
  const { words, law: name, of, slope, within, isThere } = expectation
  return {
    ...{ words, law: name, judgedBy, finding, of, expected: { slope, within, isThere } },
    ...{ found: law, points, missing },
  }
}
