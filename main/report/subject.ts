import type { Lab } from '../../shared/api'
import type { Comparison } from '../../shared/comparison'
import { countWords } from '../../shared/count-words'
import { UserError } from '../../shared/errors'
import type { ReportSubject } from '../../shared/report/report'

/** What a report is about. @throws UserError where there is nothing to tell. */
export async function toldSubject(
  lab: Lab,
  subject: ReportSubject,
): Promise<{ title: string; about: string; ids: readonly number[]; experiment?: number }> {
  if ('runs' in subject) {
    const ids = [...new Set(subject.runs)]
    if (ids.length === 1) {
      const { name, state, progress, createdAt } = await lab.request('runs.show', { run: ids[0]! })
      return {
        title: name,
        about: `Run ${ids[0]}: ${state} after ${countWords(progress.step, 'step')}, begun ${createdAt.slice(0, 10)}.`,
        ids,
      }
    }
    return { title: `Comparison of ${ids.length} runs`, about: `Runs ${ids.join(', ')}.`, ids }
  }
  if ('comparison' in subject) {
    const kept = await lab.request('comparisons.list', {})
    const found = kept.find(({ id }) => id === subject.comparison)
    if (!found) throw new UserError(`there is no comparison ${subject.comparison}`, { remedy: oneOf(kept) })
    const { runs } = found.layout
    if (runs.length === 0) throw new UserError(`comparison ${found.id} has no runs`, { remedy: 'add some to it first' })
    return { title: found.name, about: `Comparison of runs ${runs.join(', ')}.`, ids: runs }
  }
  const { definition, cells } = await lab.request('experiments.show', { id: subject.experiment })
  const ids = cells.flatMap(({ run }) => (run === null ? [] : [run]))
  if (ids.length === 0)
    throw new UserError(`experiment ${subject.experiment} has no runs`, { remedy: 'run it first: normlab experiment NUMBER' })
  const about = `${definition.claim === '' ? '' : `Claim: ${definition.claim} `}${ids.length} of ${cells.length} cells have runs.`
  return { title: definition.name, about, ids, experiment: subject.experiment }
}

/** Which comparisons there are to choose from. */
function oneOf(kept: readonly Comparison[]): string {
  if (kept.length === 0) return 'keep one on the page Compare first, or name its runs: run:3 run:4'
  const shown = kept.slice(0, 10).map(({ id, name }) => `${id} (${name})`)
  return `use ${shown.join(', ')}${kept.length > shown.length ? `, or one of ${kept.length - shown.length} more` : ''}`
}
