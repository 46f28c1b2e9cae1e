import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { gunzipSync } from 'node:zlib'
import Database from 'libsql'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { leafRows } from '../../../main/store/leaf-pages'
import { repairStore } from '../../../main/store/repair'
import { Store } from '../../../main/store/store'

const PAGE = 4096
/** Steps of the second run: their tree has inner pages below its root. */
const STEPS = 1800

let home: string
let file: string
let made: Buffer
beforeAll(() => {
  home = mkdtempSync(path.join(tmpdir(), 'normlab-leaves-'))
  file = path.join(home, 'normlab.db')
  writeFileSync(file, gunzipSync(readFileSync(path.join(__dirname, 'released/4.db.gz'))))
  new Store(home).close()
  // Three rows on a page at most, and every tenth one goes on elsewhere.
  change(`DELETE FROM steps WHERE run = 2;
    WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${STEPS})
    INSERT INTO steps (run, step, epoch, loss, norms) SELECT 2, i, 1, i + 0.5, zeroblob(iif(i % 10 = 0, 9000, 1200)) FROM n;
    INSERT INTO settings VALUES ('a name', '{"a":"value"}')`)
  made = readFileSync(file)
})
beforeEach(() => {
  for (const ending of ['-wal', '-shm']) rmSync(file + ending, { force: true })
  writeFileSync(file, made)
})
afterAll(() => rmSync(home, { recursive: true }))

function change(sql: string): void {
  const database = new Database(file)
  database.exec(sql)
  database.exec('PRAGMA wal_checkpoint(TRUNCATE)')
  database.close()
}
function rootOf(table: string): number {
  const database = new Database(file)
  const [{ rootpage }] = database.prepare('SELECT rootpage FROM sqlite_schema WHERE name = ?').all(table) as [
    { rootpage: number },
  ]
  database.close()
  return rootpage
}
/** Pages that an inner page leads to. */
function below(page: number): number[] {
  const bytes = readFileSync(file).subarray((page - 1) * PAGE, page * PAGE)
  expect(bytes[0]).toBe(5)
  const cells = Array.from({ length: bytes.readUInt16BE(3) }, (_, i) => bytes.readUInt32BE(bytes.readUInt16BE(12 + 2 * i)))
  return [...cells, bytes.readUInt32BE(8)]
}
function zero(...pages: number[]): void {
  const bytes = readFileSync(file)
  for (const page of pages) bytes.fill(0, (page - 1) * PAGE, page * PAGE)
  rmSync(`${file}-wal`, { force: true })
  writeFileSync(file, bytes)
}
/** What the store tells of its runs and of the long one's steps. */
function told() {
  const store = new Store(home)
  try {
    const steps = [...store.steps.each(2)]
    return {
      runs: store.runs.all(),
      others: [...store.steps.each(1)],
      steps: steps.map(({ step, loss, norms }) => [step, loss, norms.length]),
      settings: store.query('SELECT name, value FROM settings'),
    }
  } finally {
    store.close()
  }
}

describe('a store with zeroed pages', () => {
  it.each([
    ['the root of its steps', () => [rootOf('steps')]],
    ['inner pages of its steps', () => below(rootOf('steps')).slice(0, 2)],
    ['its first page and the roots of steps and of their index', () => [1, rootOf('steps'), rootOf('sqlite_autoindex_steps_1')]],
  ])('keeps every row where it has lost %s', (_, pages) => {
    const before = told()
    zero(...pages())
    const { lost, steps, runs } = repairStore(home)
    expect(lost.join('; ')).toMatch(/the table of steps cannot be read; \d+ of its rows were found in single pages/)
    expect([runs, steps]).toEqual([2, STEPS + before.others.length])
    expect(told()).toEqual(before)
  })

  it('loses what lay in a leaf and nothing else, and says so', () => {
    const before = told()
    const [inner] = below(rootOf('steps')).slice(1)
    zero(below(inner!)[7]!)
    const { lost } = repairStore(home)
    const gone = STEPS - told().steps.length
    expect(gone).toBeGreaterThan(0)
    expect(gone).toBeLessThan(4)
    expect(lost).toContain(`run 2: ${gone} of its steps are lost`)
    expect({ ...told(), steps: 0 }).toEqual({ ...before, steps: 0 })
  })

  it('does not bring back what was deleted', () => {
    change('DELETE FROM steps WHERE run = 2 AND step > 5')
    zero(rootOf('steps'))
    repairStore(home)
    expect(told().steps.length).toBeLessThanOrEqual(5)
  })

  it('gives rows of any length, and passes over what is none', () => {
    const rows = [...leafRows(file)].filter(({ values }) => values[0] === 2 && values.length > 8)
    expect(rows.map(({ values }) => values[1])).toEqual(expect.arrayContaining([1, 10, STEPS]))
    const noise = Buffer.from(made)
    for (let at = PAGE; at < noise.length; at += 97) noise[at] = (noise[at]! * 31 + at) % 256
    writeFileSync(file, noise)
    expect(() => [...leafRows(file)]).not.toThrow()
  })
})
