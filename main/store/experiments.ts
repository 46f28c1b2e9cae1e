import { cellKey, cellsOf } from '../../shared/experiments/expand'
import { type Cell, Experiment, type ExperimentDefinition } from '../../shared/experiments/experiment'
import { UserError } from '../../shared/errors'
import type { Store } from './store'

interface Row {
  id: number
  definition: string
  createdAt: string
}
const SELECT = 'SELECT id, definition, created_at AS createdAt FROM experiments'

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

/** Newest first. */
export function experiments(store: Store): Experiment[] {
  return (store.query(`${SELECT} ORDER BY id DESC`) as Row[]).map((row) => toExperiment(store, row))
}

/** @throws UserError where there is none of this number. */
export function experiment(store: Store, id: number): Experiment {
  const [row] = store.query(`${SELECT} WHERE id = ?`, [id]) as Row[]
  if (!row) throw new UserError(`there is no experiment ${id}`, { remedy: 'list the experiments to see their numbers' })
  return toExperiment(store, row)
}

/** Each cell with the newest run that fills it. */
function toExperiment(store: Store, { id, definition, createdAt }: Row): Experiment {
  const rows = store.query('SELECT id, cell FROM runs WHERE experiment = ? ORDER BY id', [id]) as { id: number; cell: string }[]
  const runs = new Map(rows.map((row) => [cellKey(JSON.parse(row.cell) as Cell), row.id]))
  const parsed = JSON.parse(definition) as ExperimentDefinition
  const cells = cellsOf(parsed).map(({ cell }) => ({ ...cell, run: runs.get(cellKey(cell)) ?? null }))
  return Experiment.parse({ id, definition: parsed, createdAt, cells })
}
