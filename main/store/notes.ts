import { Annotation, type RequestReceived } from '../../shared/api'
import { Comparison, type ComparisonLayout } from '../../shared/comparison'
import { UserError } from '../../shared/errors'
import type { RunPatch } from './run-rows'
import type { Store } from './store'
import { readJson, textRows } from './text-rows'

/** What readers add to runs: signs, tags, words; and the comparisons that they keep. One that cannot be read is left out. */

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
  const columns = { id: 'id', step: 'step', unit: 'unit', text: 'text', at: 'at' }
  return textRows(store, columns, 'FROM annotations WHERE run = ? ORDER BY step, id', [run]).flatMap(
    (row) => Annotation.safeParse(row).data ?? [],
  )
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

export function comparisons(store: Store): Comparison[] {
  return select(store, 'ORDER BY name, id')
}

function select(store: Store, rest: string, values: readonly unknown[] = []): Comparison[] {
  const columns = { id: 'id', name: 'name', layout: 'layout', createdAt: 'created_at' }
  return textRows(store, columns, `FROM comparisons ${rest}`, values).flatMap(
    ({ layout, ...rest }) => Comparison.safeParse({ ...rest, layout: readJson(layout) }).data ?? [],
  )
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
  const [found] = select(store, 'WHERE id = ?', [saved])
  if (!found) throw new UserError('this comparison is gone', { remedy: 'save it as a new one' })
  return found
}

export function deleteComparison(store: Store, id: number): void {
  store.change('DELETE FROM comparisons WHERE id = ?', [id])
}
