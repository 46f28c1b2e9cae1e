import type { RunSummary } from './api'
import { runNumber } from './run-labels'

/** Nats of a minibatch that no network which learns comes near: guessing among a million classes costs 14. */
const HOPELESS_LOSS = 1000

/** What speaks against the numbers of a run, in a few words; empty where nothing does. Its state alone, `done`, says nothing of it. */
export function doubtsOf({ last, measures }: Pick<RunSummary, 'last' | 'measures'>): string[] {
  const { ratiosNotFinite } = measures
  const doubts: string[] = []
  const loss = last.loss ?? NaN
  if (last.step > 0 && !(loss < HOPELESS_LOSS))
    doubts.push(Number.isFinite(loss) ? `loss ${loss.toExponential(1).replace('e+', 'e')}` : 'loss not finite')
  if (ratiosNotFinite !== null && ratiosNotFinite > 0) doubts.push('ratios not finite in the last epoch')
  return doubts
}

/** The same of the runs of a table, a line each beneath it; empty where nothing does of any. */
export function doubtedText(runs: readonly Pick<RunSummary, 'id' | 'last' | 'measures'>[]): string {
  const lines = runs.flatMap((run) => {
    const doubts = doubtsOf(run)
    return doubts.length === 0 ? [] : [`${runNumber(run.id)}: ${doubts.join(', ')}\n`]
  })
  return lines.length === 0 ? '' : `\nWhat speaks against the numbers above:\n${lines.join('')}`
}
