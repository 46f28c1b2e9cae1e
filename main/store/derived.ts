import type { Unit } from '../../shared/records'
import { unpackFrom } from './packed-curves'
import { SCALARS_VERSION, SCALARS_INSERT, scalarValues } from './scalars'
import type { Store } from './store'

/**
 * Fills what is derived from a run's steps (`scalars`, and from those the packed curves) where it is missing or of an older version: after all
 * migrations, run by run, so that a program that is ended in between goes on with the rest when the store is opened next.
 */
export function fillDerived(store: Store): void {
  for (const id of lacking(store)) store.transaction(() => deriveScalars(store, id, store.runs.units(id)))
}

export const lacksDerived = (store: Store): boolean => lacking(store).length > 0

function lacking(store: Store): number[] {
  const sql = 'SELECT id FROM runs WHERE scalars_version <> ? AND EXISTS (SELECT 1 FROM steps WHERE run = runs.id)'
  return (store.query(sql, [SCALARS_VERSION]) as { id: number }[]).map(({ id }) => id)
}

/** Makes a run's scalars anew from its steps. When each was stored is known from the rows that were there, if they were. */
function deriveScalars(store: Store, run: number, units: readonly Unit[]): void {
  const stored = store.columns('SELECT step, at FROM scalars WHERE run = ?', [run]) as [number, number | null][]
  const at = new Map(stored)
  store.change('DELETE FROM scalars WHERE run = ?', [run])
  for (const step of store.steps.each(run))
    store.change(SCALARS_INSERT, [run, ...scalarValues(step, units, at.get(step.step) ?? null)])
  store.change('UPDATE runs SET scalars_version = ? WHERE id = ?', [SCALARS_VERSION, run])
  unpackFrom(store, run, 1)
}
