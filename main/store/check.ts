import { isUserError } from '../../shared/errors'
import { Store } from './store'

/** What is wrong with a data folder's store, a sentence each. */
export interface StoreCheck {
  readonly file: string
  readonly runs: number
  readonly problems: readonly string[]
}

/** Looks through all pages and all runs. @throws UserError where the file cannot be opened at all for another reason than damage. */
export function checkStore(home: string): StoreCheck {
  const problems: string[] = []
  let store: Store | undefined
  try {
    const opened = (store = new Store(home))
    const pages = opened.query('SELECT CAST(integrity_check AS BLOB) AS said FROM pragma_integrity_check(20)') as {
      said: ArrayBuffer
    }[]
    const said = pages.map((row) => Buffer.from(row.said).toString().replace(/\s+/g, ' '))
    if (said[0] !== 'ok') problems.push(...said)
    for (const { tab, parent, count } of opened.query(
      'SELECT "table" AS tab, parent AS parent, count(*) AS count FROM pragma_foreign_key_check GROUP BY 1, 2',
    ) as { tab: string; parent: string; count: number }[])
      problems.push(`${count} rows of the table of ${tab} belong to ${parent} that are not there`)
    const runs = opened.runs.all()
    for (const run of runs) problems.push(...run.unreadable.map((what) => `run ${run.id}: ${what}`))
    return { file: opened.file, runs: runs.length, problems }
  } catch (error) {
    if (!isUserError(error)) throw error
    return { file: error.options.place ?? home, runs: 0, problems: [...problems, error.problem] }
  } finally {
    store?.close()
  }
}
