import type { Annotation, RequestReceived } from '../../shared/api'
import { Comparison, type ComparisonLayout } from '../../shared/comparison'
import { UserError } from '../../shared/errors'
import type { RunPatch } from './run-rows'
import type { Store } from './store'

/** What readers add to runs: signs, tags, words; and the comparisons that they keep. */

/** All of the runs, or none. */
export function markRuns(store: Store, { runs, addTags = [], removeTags = [], ...signs }: RequestReceived<'runs.mark'>): void {
  store.transaction(() => {
    for (const id of runs) {
      const { tags } = store.runs.get(id)
      const next = [...new Set([...tags.filter((tag) => !removeTags.includes(tag)), ...addTags])].sort()
      store.runs.update(id, { ...(signs as RunPatch), tags: next })
    }
  })
}

export function annotations(store: Store, run: number): Annotation[] {
  return store.query('SELECT id, step, unit, text, at FROM annotations WHERE run = ? ORDER BY step, id', [run]) as Annotation[]
}

export function annotate(store: Store, { run, step, unit, text }: RequestReceived<'runs.annotate'>): Annotation[] {
  const { units } = store.runs.get(run)
  if (unit !== undefined && unit >= units.length)
    throw new UserError(`run ${run} has ${units.length} units`, { place: `unit ${unit + 1}` })
  store.change('INSERT INTO annotations (run, step, unit, text, at) VALUES (?, ?, ?, ?, ?)', [
    ...[run, step, unit ?? null, text, new Date().toISOString()],
  ])
  return annotations(store, run)
}

export function unannotate(store: Store, run: number, annotation: number): Annotation[] {
  store.change('DELETE FROM annotations WHERE run = ? AND id = ?', [run, annotation])
  return annotations(store, run)
}

const COMPARISON = 'SELECT id, name, layout, created_at AS createdAt FROM comparisons'

function toComparison(row: unknown): Comparison {
  const { layout, ...rest } = row as Omit<Comparison, 'layout'> & { layout: string }
  return Comparison.parse({ ...rest, layout: JSON.parse(layout) })
}

export function comparisons(store: Store): Comparison[] {
  return store.query(`${COMPARISON} ORDER BY name, id`).map(toComparison)
}

export function saveComparison(
  store: Store,
  { id, name, layout }: { id?: number | undefined; name: string; layout: ComparisonLayout },
): Comparison {
  const text = JSON.stringify(layout)
  if (id !== undefined) store.change('UPDATE comparisons SET name = ?, layout = ? WHERE id = ?', [name, text, id])
  const saved =
    id ??
    store.change('INSERT INTO comparisons (name, layout, created_at) VALUES (?, ?, ?)', [name, text, new Date().toISOString()])
  const [row] = store.query(`${COMPARISON} WHERE id = ?`, [saved])
  if (!row) throw new UserError('this comparison is gone', { remedy: 'save it as a new one' })
  return toComparison(row)
}

export function deleteComparison(store: Store, id: number): void {
  store.change('DELETE FROM comparisons WHERE id = ?', [id])
}
