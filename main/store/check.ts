import { isUserError } from '../../shared/errors'
import { filesWithoutRuns } from './run-number'
import { Store } from './store'

/** What is wrong with a data folder's store, a sentence each. */
export interface StoreCheck {
  readonly file: string
  readonly runs: number
  readonly problems: readonly string[]
  /** What to do about them; undefined where there are none. */
  readonly remedy: string | undefined
}

export const REPAIR = 'normlab store repair makes a new store of all that can be read, and keeps this one'

const BRING_BACK = 'bring the database back that had them, or remove their folders'

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
    const lost = filesWithoutRuns(opened)
    const remedy = problems.length > 0 ? REPAIR : lost.length > 0 ? BRING_BACK : undefined
    return { file: opened.file, runs: runs.length, problems: [...problems, ...lost], remedy }
  } catch (error) {
    if (!isUserError(error)) throw error
    const { place, remedy } = error.options
    return { file: place ?? home, runs: 0, problems: [...problems, error.problem], remedy: remedy ?? REPAIR }
  } finally {
    store?.close()
  }
}
