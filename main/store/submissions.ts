import { randomBytes } from 'node:crypto'
import { PlaceProfile } from '../../shared/places/profile'
import type { Store } from './store'
import { readJson, textRows } from './text-rows'

/** A grid of runs at another place. */
export interface Submission {
  readonly id: number
  readonly experiment: number | null
  readonly profile: PlaceProfile
  /** Its word there: 16 hexadecimal digits. */
  readonly grid: string
  readonly createdAt: string
  readonly jobs: readonly string[]
  /** Cells that the place has not taken yet. */
  readonly waiting: number
  readonly problem: string | null
  readonly isOver: boolean
  readonly owner: string | null
}

export interface SubmittedCell {
  readonly cell: number
  readonly run: number
  /** Bytes of its log that are stored. */
  readonly position: number
  readonly words: string
  readonly isOver: boolean
}

export function createSubmission(
  store: Store,
  experiment: number | null,
  profile: PlaceProfile,
  runs: readonly number[],
): number {
  return store.transaction(() => {
    const id = store.change(
      'INSERT INTO submissions (experiment, place, profile, grid, created_at, waiting) VALUES (?, ?, ?, ?, ?, ?)',
      [experiment, profile.name, JSON.stringify(profile), randomBytes(8).toString('hex'), new Date().toISOString(), runs.length],
    )
    for (const [cell, run] of runs.entries())
      store.change('INSERT INTO submitted_cells (submission, cell, run) VALUES (?, ?, ?)', [id, cell, run])
    return id
  })
}

/** Those that are not over, oldest first; or all of an experiment. One that cannot be read is left out. */
export function submissions(store: Store, of: { experiment: number } | 'open'): Submission[] {
  const where = of === 'open' ? 'WHERE is_over = 0' : 'WHERE experiment = ?'
  const names = { id: 'id', experiment: 'experiment', profile: 'profile', grid: 'grid', createdAt: 'created_at', jobs: 'jobs' }
  const more = { waiting: 'waiting', problem: 'problem', isOver: 'is_over', owner: 'owner' }
  const rows = textRows(
    store,
    { ...names, ...more },
    `FROM submissions ${where} ORDER BY id`,
    of === 'open' ? [] : [of.experiment],
  )
  return rows.flatMap((row) => {
    const profile = PlaceProfile.safeParse(readJson(row.profile))
    const jobs = readJson(row.jobs)
    if (!profile.success || !Array.isArray(jobs)) return []
    const { broken: _, ...told } = row
    return [{ ...told, profile: profile.data, jobs: jobs.map(String), isOver: row.isOver === 1 } as unknown as Submission]
  })
}

export function submittedCells(store: Store, submission: number): SubmittedCell[] {
  const columns = { cell: 'cell', run: 'run', position: 'position', words: 'words', isOver: 'is_over' }
  return textRows(store, columns, 'FROM submitted_cells WHERE submission = ? ORDER BY cell', [submission]).map(
    ({ broken: _, ...row }) => ({ ...row, isOver: row.isOver === 1 }) as unknown as SubmittedCell,
  )
}

/** Takes a submission for this lab, unless another one was quicker. @param before The owner that is known to be gone, or none. */
export function claimSubmission(store: Store, id: number, owner: string, before: string | null): boolean {
  return store.changed('UPDATE submissions SET owner = ? WHERE id = ? AND owner IS ? AND is_over = 0', [owner, id, before]) === 1
}

export function updateSubmission(
  store: Store,
  id: number,
  { jobs, waiting, problem, isOver, owner }: Partial<Pick<Submission, 'jobs' | 'waiting' | 'problem' | 'isOver' | 'owner'>>,
): void {
  const set = (column: string, value: unknown): void => {
    if (value !== undefined) store.change(`UPDATE submissions SET ${column} = ? WHERE id = ?`, [value, id])
  }
  set('jobs', jobs && JSON.stringify(jobs))
  set('waiting', waiting)
  set('problem', problem)
  set('is_over', isOver === undefined ? undefined : Number(isOver))
  set('owner', owner)
}

export function updateCell(
  store: Store,
  submission: number,
  cell: number,
  { position, words, isOver }: Partial<Pick<SubmittedCell, 'position' | 'words' | 'isOver'>>,
): void {
  const set = (column: string, value: unknown): void => {
    if (value !== undefined)
      store.change(`UPDATE submitted_cells SET ${column} = ? WHERE submission = ? AND cell = ?`, [value, submission, cell])
  }
  set('position', position)
  set('words', words)
  set('is_over', isOver === undefined ? undefined : Number(isOver))
}

/** Runs that are at another place, as SQL: no lab of this machine trains them, and none has lost them. */
export const PLACED_RUNS =
  'SELECT c.run FROM submitted_cells c JOIN submissions s ON s.id = c.submission WHERE c.is_over = 0 AND s.is_over = 0'

/** Whether a run is a cell of a grid that is not over, which is sent whole, whatever has become of the cell. */
export function isInOpenGrid(store: Store, run: number): boolean {
  const found = store.first(
    'SELECT 1 FROM submitted_cells c JOIN submissions s ON s.id = c.submission WHERE c.run = ? AND s.is_over = 0',
    [run],
  )
  return found !== undefined
}

/** The submission that a run is in, while it is at its place. */
export function placeOf(store: Store, run: number): { readonly submission: number; readonly cell: number } | undefined {
  return store.first(
    `SELECT c.submission AS submission, c.cell AS cell FROM submitted_cells c JOIN submissions s ON s.id = c.submission
     WHERE c.run = ? AND c.is_over = 0 AND s.is_over = 0`,
    [run],
  ) as { submission: number; cell: number } | undefined
}
