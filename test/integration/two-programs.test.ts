import { createHash } from 'node:crypto'
import { readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { gunzipSync } from 'node:zlib'
import Database from 'libsql'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { checkStore } from '../../main/store/check'
import { ended, openLab, start, temporaryHome, TINY, until } from './lab-support'

const released = path.join(__dirname, '../unit/store/released')
/** A store as an earlier version wrote it, with its two runs. */
const storeOf = (version: string): Buffer => gunzipSync(readFileSync(path.join(released, `${version}.db.gz`)))

let home: string
let remove: () => void
beforeEach(() => ({ home, remove } = temporaryHome()))
afterEach(() => remove())

describe('several programs on one data folder', () => {
  it('that are the first to open an older store, at the same moment, all read it, and it is brought up once', async () => {
    writeFileSync(path.join(home, 'normlab.db'), storeOf('1'))
    const told = await Promise.all(Array.from({ length: 4 }, () => start(['runs', 'list', '--json'], home).finished))
    expect(told.map(({ status, stderr }) => [status, stderr])).toEqual(Array(4).fill([0, '']))
    expect(new Set(told.map(({ stdout }) => stdout)).size).toBe(1)
    expect(told[0]!.stdout.trim().split('\n')).toHaveLength(2)
    expect(checkStore(home).problems).toEqual([])
  })

  it('leave each other’s runs alone: one trains, one serves, and the app sees it, refuses to steer it and takes it up when its program was killed', async () => {
    const trains = start(['train', ...TINY, '--epochs', '100000', '--json'], home)
    const serves = start(['serve', '--json'], home)
    await Promise.all([trains.printed('"step":3'), serves.printed('address')])
    const app = openLab(home)
    try {
      expect((await until(app, 1, ({ progress }) => progress.step >= 5)).state).toBe('running')
      const others = 'run 1 belongs to another NormLab (process'
      for (const asked of ['runs.stop', 'runs.pause', 'runs.delete', 'runs.resume'] as const)
        await expect(app.request(asked, { run: 1 }), asked).rejects.toThrow(others)
      // It is as others see it, too; and what would pull the store away from under them is refused.
      const deleted = await start(['runs', 'delete', '1'], home).finished
      expect([deleted.status === 0, deleted.stderr]).toEqual([false, expect.stringContaining(others)])
      const repaired = await start(['store', 'repair'], home).finished
      expect([repaired.status === 0, repaired.stderr]).toEqual([
        false,
        expect.stringContaining('another NormLab is at work on this data folder; close it first'),
      ])
      trains.child.kill('SIGKILL')
      const { state, progress } = await until(app, 1, ended)
      expect(state).toBe('interrupted')
      expect(await app.request('runs.steps', { run: 1, from: 1, to: progress.step })).toHaveLength(progress.step)
      expect(await app.request('runs.list', {})).toHaveLength(1)
    } finally {
      await app.close()
      serves.child.kill('SIGTERM')
      await serves.finished
    }
    expect(checkStore(home).problems).toEqual([])
  })

  it('of which one is older leave a store from the future as it is, whatever they are asked', async () => {
    const file = path.join(home, 'normlab.db')
    writeFileSync(file, storeOf('9'))
    const raw = new Database(file)
    raw.exec('PRAGMA user_version = 99')
    raw.close()
    const hash = (): string => createHash('sha256').update(readFileSync(file)).digest('hex')
    const before = hash()
    const asked = [
      ['runs', 'list'],
      ['train', ...TINY],
      ['store', 'repair'],
      ['runs', 'delete', '1'],
      ['serve'],
      ['backup', `${home}.tar`],
    ]
    const told = await Promise.all(asked.map((words) => start(words, home).finished))
    for (const [i, { status, stderr }] of told.entries()) {
      expect(status, asked[i]!.join(' ')).not.toBe(0)
      expect(stderr, asked[i]!.join(' ')).toMatch(
        /normlab\.db: the store has version 99, this NormLab knows versions up to \d+; use the newer NormLab/,
      )
    }
    expect(hash()).toBe(before)
    // Where several close it at once, SQLite may leave its log behind, without anything in it.
    const beside = readdirSync(home).filter((name) => /^normlab\.db(?!$|-shm$)/.test(name))
    expect(beside.filter((name) => name !== 'normlab.db-wal' || statSync(path.join(home, name)).size > 0)).toEqual([])
  })
})
