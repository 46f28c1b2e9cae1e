import { existsSync, readdirSync } from 'node:fs'
import path from 'node:path'
import type { Connection } from './connection'

/**
 * Files of runs that the store knows nothing of lie in the data folder where its database was lost or begun anew. They are somebody's work:
 * they are told, and no new run gets the number of one.
 */

/** The numbers of runs that have files in a data folder, ascending. */
function numbersWithFiles(home: string): number[] {
  const folder = path.join(home, 'checkpoints')
  const names = existsSync(folder) ? readdirSync(folder, { withFileTypes: true }) : []
  return names
    .filter((entry) => entry.isDirectory() && /^[1-9]\d{0,14}$/.test(entry.name))
    .filter(({ name }) => readdirSync(path.join(folder, name)).length > 0)
    .map(({ name }) => Number(name))
    .sort((a, b) => a - b)
}

/** The number of a new run; null leaves it to SQLite, which never gives one twice. */
export function newNumber(store: Connection): number | null {
  const [last] = numbersWithFiles(path.dirname(store.file)).slice(-1)
  const { most } = store.first(`SELECT max(seq) AS most FROM sqlite_sequence WHERE name = 'runs'`) as { most: number | null }
  return last === undefined || last <= (most ?? 0) ? null : last + 1
}

/** A sentence where there are files of runs that the store never had. */
export function filesWithoutRuns(store: Connection): string[] {
  const { most } = store.first(`SELECT max(seq) AS most FROM sqlite_sequence WHERE name = 'runs'`) as { most: number | null }
  const lost = numbersWithFiles(path.dirname(store.file)).filter((run) => run > (most ?? 0))
  const shown = lost.slice(0, 20).join(', ') + (lost.length > 20 ? ', …' : '')
  if (lost.length === 0) return []
  return [`the store has lost run${lost.length > 1 ? 's' : ''} ${shown}, of which checkpoints are there`]
}
