import { cellKey, cellsOf } from '../../shared/experiments/expand'
import { Cell, Experiment, ExperimentDefinition } from '../../shared/experiments/experiment'
import { UserError } from '../../shared/errors'
import type { Store } from './store'
import { type TextRow, readJson, textRows } from './text-rows'

type Row = TextRow<'id' | 'definition' | 'createdAt'>

export function createExperiment(store: Store, definition: ExperimentDefinition): number {
  return store.change('INSERT INTO experiments (definition, created_at) VALUES (?, ?)', [
    ...[JSON.stringify(definition), new Date().toISOString()],
  ])
}

export function changeExperiment(store: Store, id: number, definition: ExperimentDefinition): void {
  experiment(store, id)
  store.change('UPDATE experiments SET definition = ? WHERE id = ?', [JSON.stringify(definition), id])
}

export function deleteExperiment(store: Store, id: number): void {
  store.change('DELETE FROM experiments WHERE id = ?', [id])
}

/** Newest first; one that cannot be read is left out. */
export function experiments(store: Store): Experiment[] {
  return select(store, 'ORDER BY id DESC').flatMap((row) => toExperiment(store, row) ?? [])
}

/** @throws UserError where there is none of this number, or it cannot be read. */
export function experiment(store: Store, id: number): Experiment {
  const [row] = select(store, 'WHERE id = ?', [id])
  if (!row) throw new UserError(`there is no experiment ${id}`, { remedy: 'list the experiments to see their numbers' })
  const read = toExperiment(store, row)
  if (!read)
    throw new UserError('its definition cannot be read', {
      place: `experiment ${id}`,
      remedy: 'open it with the NormLab that made it',
    })
  return read
}

function select(store: Store, rest: string, values: readonly unknown[] = []): Row[] {
  return textRows(store, { id: 'id', definition: 'definition', createdAt: 'created_at' }, `FROM experiments ${rest}`, values)
}

/** Each cell with the newest run that fills it. */
function toExperiment(store: Store, { id, definition, createdAt }: Row): Experiment | undefined {
  const parsed = ExperimentDefinition.safeParse(readJson(definition)).data
  if (!parsed) return undefined
  const rows = textRows(store, { id: 'id', cell: 'cell' }, 'FROM runs WHERE experiment = ? AND deleted_at IS NULL ORDER BY id', [
    id,
  ])
  const runs = new Map<string, unknown>()
  for (const row of rows) {
    const cell = Cell.safeParse(readJson(row.cell)).data
    if (cell) runs.set(cellKey(cell), row.id)
  }
  const cells = cellsOf(parsed).map(({ cell }) => ({ ...cell, run: runs.get(cellKey(cell)) ?? null }))
  return Experiment.safeParse({ id, definition: parsed, createdAt, cells }).data
}
