import { findMeasure } from '../measures'
import type { Measure } from '../measures/measure'
import type { Repeats } from '../repeats'
import type { Comparison, Judgement, Verdict } from './verdict'

/** How the numbers of a judgement are written: a logarithm is a plain number, whatever the measure. */
export function formOf({ expectation, judgedBy }: Judgement): Pick<Measure, 'form'> {
  const form = findMeasure(expectation.measure)?.form ?? 'number'
  return { form: judgedBy.startsWith('|ln') ? 'number' : form }
}

/** `ResNet-56 0.239 ± 0.012 (n = 3)` */
function sideWords(label: string, repeats: Repeats | null, show: (repeats: Repeats) => string): string {
  return repeats ? `${label} ${show(repeats)} (n = ${repeats.count})` : `${label}: no value`
}

/** Both sides with their numbers; `show` writes a mean with its deviation. */
export function numbersOf(
  { expectation }: Judgement,
  { at, better, than }: Comparison,
  show: (repeats: Repeats) => string,
): string {
  const place = at.length > 0 ? `${at.join(' · ')}: ` : ''
  return `${place}${sideWords(expectation.better, better, show)} against ${sideWords(expectation.than, than, show)}`
}

/** Why a comparison came out as it did. */
export function reasonOf({ finding, missing }: Comparison): string {
  if (missing.length > 0) return `open: ${missing.join('; ')}`
  if (finding === 'undecided') return 'the difference lies within the spread'
  return `apart by more than both deviations, ${finding === 'supported' ? 'as expected' : 'the other way'}`
}

/** A verdict as JSON has it: findings, numbers and what is missing. */
export function verdictFields({ claim, finding, judgements }: Verdict): object {
  const side = (label: string, repeats: Repeats | null): object => ({
    ...{ label, mean: repeats?.mean ?? null, deviation: repeats?.deviation ?? null, n: repeats?.count ?? 0 },
  })
  return {
    claim,
    finding,
    expectations: judgements.map(({ expectation, judgedBy, finding: own, comparisons, sets }) => ({
      ...{ words: expectation.words, measure: expectation.measure, judgedBy, finding: own, sets },
      comparisons: comparisons.map((one) => ({
        ...{ at: one.at, finding: one.finding },
        better: side(expectation.better, one.better),
        than: side(expectation.than, one.than),
        missing: one.missing,
      })),
    })),
  }
}
