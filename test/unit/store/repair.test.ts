import { closeSync, mkdirSync, mkdtempSync, openSync, readFileSync, readdirSync, rmSync, writeFileSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { gunzipSync } from 'node:zlib'
import Database from 'libsql'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { resolveNetwork } from '../../../shared/architecture'
import { Configuration } from '../../../shared/configuration'
import { checkpointFile } from '../../../main/store/checkpoints'
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
  it('of a whole store leaves it as it is, and says so', () => {
    const before = told()
    expect(checkStore(home)).toMatchObject({ runs: 2, problems: [] })
    const { kept, ...counts } = repairStore(home)
    expect(counts).toEqual({ runs: 2, steps: 11, lost: [], isThere: true })
    expect(kept).toBeUndefined()
    expect(told()).toEqual(before)
    expect(readdirSync(home).filter((name) => name.startsWith('repair-'))).toEqual([])
  })

  it.each([
    ['a trigger', 'CREATE TRIGGER act AFTER UPDATE ON runs BEGIN DELETE FROM steps; END'],
    ['a view', 'CREATE VIEW more AS SELECT 1'],
    ['a table that is gone', 'DROP TABLE comparisons'],
    ['a table that cannot be parsed', "UPDATE sqlite_schema SET sql = 'CREATE TABLE' WHERE name = 'comparisons'"],
    ['the runs’ table that cannot be parsed', "UPDATE sqlite_schema SET sql = 'CREATE TABLE' WHERE name = 'runs'"],
    [
      'a column of the runs’ table under another name',
      "UPDATE sqlite_schema SET sql = replace(sql, 'state', 'stXte') WHERE name = 'runs'",
    ],
    ['the steps’ table under another name', "UPDATE sqlite_schema SET name = 'stXps', tbl_name = 'stXps' WHERE name = 'steps'"],
    ['a definition that is no text', "UPDATE sqlite_schema SET sql = CAST(x'ff435245' AS TEXT) WHERE name = 'epochs'"],
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

  it('names each text that it replaced', () => {
    change("UPDATE runs SET name = CAST(x'66ff' AS TEXT), preset = CAST(x'fe' AS TEXT) WHERE id = 2")
    expect(repairStore(home).lost).toEqual(['run 2: its name is no UTF-8 text, its preset is no UTF-8 text'])
  })

  it('of a newer NormLab’s store is refused, as its list is', () => {
    change('PRAGMA user_version = 99; CREATE TABLE later (what TEXT)')
    const sentence = /normlab\.db: the store has version 99, .*; use the newer NormLab/
    expect(() => new Store(home)).toThrow(sentence)
    expect(() => repairStore(home)).toThrow(sentence)
    change('INSERT INTO later VALUES (1)')
    expect(readdirSync(home).filter((name) => name.startsWith('normlab-damaged'))).toEqual([])
    expect(checkStore(home).remedy).toContain('newer NormLab')
  })

  it('of a folder in the place of the file is refused', () => {
    rmSync(file)
    mkdirSync(file)
    expect(() => repairStore(home)).toThrow('normlab.db: this is no file')
  })

  it('tells of runs that a new database lacks, and no new run gets their files', () => {
    rmSync(home, { recursive: true })
    mkdirSync(path.join(home, 'checkpoints/7'), { recursive: true })
    writeFileSync(checkpointFile(path.join(home, 'checkpoints/7'), 3), 'weights')
    writeFileSync(file, '')
    const lost = ['the store has lost run 7, of which checkpoints are there']
    expect(checkStore(home)).toMatchObject({
      runs: 0,
      problems: lost,
      remedy: expect.stringContaining('bring the database back'),
    })
    expect(repairStore(home)).toMatchObject({ runs: 0, lost, kept: undefined })
    const store = new Store(home)
    const configuration = Configuration.parse({ network: resolveNetwork('plain', { input: [32, 32, 3], classes: 10 }).document })
    const words = { name: 'new', configuration, units: [], parameters: 1, versions: {}, owner: null, ownerPid: null }
    expect(store.runs.create(words)).toBe(8)
    store.close()
  })

  it('waits for a NormLab that is at work on the folder', () => {
    const other = new Ownership(home)
    expect(() => repairStore(home)).toThrow('another NormLab is at work on this data folder; close it first')
    other.close()
  })
})
