import type { Lab } from '../../shared/api'
import { isUserError } from '../../shared/errors'
import { figuresFor } from '../../shared/experiments/expectation'
import { figureWords, measureFigures } from '../../shared/experiments/figures'
import type { Figures } from '../../shared/experiments/judged-cell'
import { verdictOf, type Verdict } from '../../shared/experiments/verdict'
import { identityLines, judgedByWords, linesOf, type NumberWords, testsOf } from '../../shared/experiments/verdict-words'
import type { JobProgress, RunningJob } from '../../shared/job'
import { figure, measuredDifference, measuredRepeats } from './format'

/** Waits for what is begun. */
type Follow = (start: (tell: (progress: JobProgress) => void) => RunningJob<Figures>) => Promise<Figures>

const quietly: Follow = (start) => start(() => undefined).result

/**
 * The verdict on an experiment's claim, from its runs as they are now; null where it expects nothing. Where it rests on what no record holds, that
 * is measured first, at the runs that are done.
 *
 * @param say Hears why that could not be measured; the verdict then says that it was not.
 */
export async function verdictOn(
  lab: Lab,
  id: number,
  follow = quietly,
  say: (text: string) => void = () => undefined,
): Promise<Verdict | null> {
  const { definition, cells } = await lab.request('experiments.show', { id })
  const summaries = new Map((await lab.request('runs.list', {})).map((run) => [run.id, run]))
  const runs = cells.flatMap(({ run }) => (run !== null && summaries.get(run)?.state === 'done' ? [run] : []))
  const kinds = figuresFor(definition.expects)
  let figures: Figures = {}
  try {
    if (kinds.size > 0 && runs.length > 0) figures = await follow((tell) => measureFigures(lab, kinds, runs, tell))
  } catch (error) {
    if (!isUserError(error)) throw error
    say(`${figureWords(kinds)} could not be measured: ${error.message}\n`)
  }
  return verdictOf(
    definition,
    cells.map(({ run, ...cell }) => ({ ...cell, run: (run === null ? undefined : summaries.get(run)) ?? null })),
    figures,
  )
}

const WORDS: NumberWords = { repeats: measuredRepeats, difference: measuredDifference, number: figure }

/** The claim, what was found, and the numbers behind it. */
export function verdictText(verdict: Verdict): string {
  const { claim, finding, judgements } = verdict
  const lines = [`Claim: ${claim}`, `Verdict: ${finding}`]
  for (const judgement of judgements) {
    lines.push(`  ${judgement.expectation.words} ${judgement.finding}, ${judgedByWords(judgement)}`)
    for (const { numbers, reason } of linesOf(judgement, WORDS, testsOf(verdict))) lines.push(`    ${numbers}; ${reason}`)
  }
  for (const [at, line] of identityLines(verdict, WORDS).entries()) lines.push(`  ${at === 0 ? '' : '  '}${line}`)
  return `${lines.join('\n')}\n`
}
