import type { Lab } from '../../shared/api'
import { verdictOf, type Verdict } from '../../shared/experiments/verdict'
import { formOf, numbersOf, reasonOf } from '../../shared/experiments/verdict-words'
import { measuredRepeats } from './format'

/** The verdict on an experiment's claim, from its runs as they are now; null where it expects nothing. */
export async function verdictOn(lab: Lab, id: number): Promise<Verdict | null> {
  const { definition, cells } = await lab.request('experiments.show', { id })
  const runs = new Map((await lab.request('runs.list', {})).map((run) => [run.id, run]))
  return verdictOf(
    definition,
    cells.map(({ run, ...cell }) => ({ ...cell, run: (run === null ? undefined : runs.get(run)) ?? null })),
  )
}

/** The claim, what was found, and the numbers behind it. */
export function verdictText({ claim, finding, judgements }: Verdict): string {
  const lines = [`Claim: ${claim}`, `Verdict: ${finding}`]
  for (const judgement of judgements) {
    const { expectation, judgedBy, finding: own, comparisons, sets } = judgement
    lines.push(`  ${expectation.words} ${own}, by ${judgedBy}${sets ? ` (${sets})` : ''}`)
    for (const comparison of comparisons)
      lines.push(
        `    ${numbersOf(judgement, comparison, (repeats) => measuredRepeats(formOf(judgement), repeats))}; ${reasonOf(comparison)}`,
      )
  }
  return `${lines.join('\n')}\n`
}
