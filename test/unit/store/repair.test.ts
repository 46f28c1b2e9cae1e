import {
  closeSync,
  existsSync,
  mkdtempSync,
  openSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { gunzipSync } from 'node:zlib'
import Database from 'libsql'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { checkStore } from '../../../main/store/check'
import { Ownership } from '../../../main/store/ownership'
import { repairStore } from '../../../main/store/repair'
import { Store } from '../../../main/store/store'

let home: string
let file: string
beforeEach(() => {
  home = mkdtempSync(path.join(tmpdir(), 'normlab-repair-'))
  file = path.join(home, 'normlab.db')
  writeFileSync(file, gunzipSync(readFileSync(path.join(__dirname, 'released/4.db.gz'))))
  new Store(home).close()
})
afterEach(() => rmSync(home, { recursive: true }))

/** Everything that a store tells of its runs. */
function told(): unknown {
  const store = new Store(home)
  const all = store.runs
    .all()
    .map((run) => [run, [...store.steps.each(run.id)], store.epochs.all(run.id), store.runs.readConfiguration(run.id)])
  store.close()
  return all
}
const change = (sql: string): void => {
  const database = new Database(file)
  database.exec(`PRAGMA writable_schema = ON; ${sql}`)
  database.close()
}
function overwrite(place: number, bytes: Buffer): void {
  const descriptor = openSync(file, 'r+')
  writeSync(descriptor, bytes, 0, bytes.length, place)
  closeSync(descriptor)
}

describe('a repair', () => {
  it('of a whole store changes nothing that it tells', () => {
    const before = told()
    expect(checkStore(home)).toMatchObject({ runs: 2, problems: [] })
    const { kept, ...counts } = repairStore(home)
    expect(counts).toEqual({ runs: 2, steps: 11, lost: [] })
    expect(existsSync(kept!)).toBe(true)
    expect(told()).toEqual(before)
    expect(readdirSync(home).filter((name) => name.startsWith('repair-'))).toEqual([])
  })

  it.each([
    ['a trigger', 'CREATE TRIGGER act AFTER UPDATE ON runs BEGIN DELETE FROM steps; END'],
    ['a view', 'CREATE VIEW more AS SELECT 1'],
    ['a table that is gone', 'DROP TABLE comparisons'],
    ['a table that cannot be parsed', "UPDATE sqlite_schema SET sql = 'CREATE TABLE' WHERE name = 'comparisons'"],
    ['a first page that is none', ''],
  ])('of a store with %s takes over all runs', (what, sql) => {
    const before = told()
    if (sql) change(sql)
    else overwrite(0, Buffer.from('no database here'))
    expect(() => new Store(home)).toThrow(/normlab\.db: .*; normlab store repair makes a new one of all that can be read/)
    expect(checkStore(home).problems).toHaveLength(1)
    expect(repairStore(home)).toMatchObject({ runs: 2, steps: 11 })
    expect(told(), what).toEqual(before)
  })

  it('tells what is lost: a run without its row, steps that are not there, what cannot be read of a row', () => {
    change(`PRAGMA foreign_keys = OFF; DELETE FROM runs WHERE id = 1; DELETE FROM steps WHERE run = 2 AND step = 2;
      UPDATE runs SET notices = '{' WHERE id = 2`)
    expect(repairStore(home)).toMatchObject({
      ...{ runs: 1, steps: 2 },
      lost: [
        'run 2: its notices cannot be read',
        'run 1 is lost; of it there are 8 steps and no more',
        'run 2: 1 of its steps are lost',
      ],
    })
    const store = new Store(home)
    expect(store.runs.all()).toMatchObject([{ id: 2, name: 'second, projected', unreadable: [] }])
    store.close()
  })

  it('waits for a NormLab that is at work on the folder', () => {
    const other = new Ownership(home)
    expect(() => repairStore(home)).toThrow('another NormLab is at work on this data folder; close it first')
    other.close()
  })
})
