import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import Database from 'libsql'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { Configuration } from '../../../shared/configuration'
import type { EpochRecord, StepRecord } from '../../../shared/records'
import { lastValues } from '../../../main/store/last-values'
import { Ownership } from '../../../main/store/ownership'
import { curves } from '../../../main/store/series'
import { Store } from '../../../main/store/store'

const configuration = Configuration.parse({
  network: { format: 'normlab/network', version: 1, name: 'tiny', nodes: [{ id: 'input', kind: 'input' }] },
})
const newRun = {
  name: 'first',
  configuration,
  units: [],
  parameters: 12,
  versions: { NormLab: '0.1.0' },
  owner: null,
  ownerPid: null,
}
const step = (n: number, loss = 1 / n): StepRecord => ({
  step: n,
  epoch: 1,
  loss,
  accuracy: 0.5,
  rate: 0.1,
  ms: 20,
  norms: Float32Array.of(n, 2, NaN),
})
const epoch = (n: number, test: number | null): EpochRecord => ({
  ...{
    epoch: n,
    firstStep: n * 10 - 9,
    lastStep: n * 10,
    trainLoss: NaN,
    trainAccuracy: 0.1,
    testLoss: test,
    testAccuracy: test,
    seconds: 3,
  },
  measured: 9,
  ratios: { mean: Float32Array.of(1), min: Float32Array.of(0), max: Float32Array.of(Infinity), notFinite: Float32Array.of(1) },
})

let home: string
let store: Store
beforeEach(() => {
  home = mkdtempSync(path.join(tmpdir(), 'normlab-store-'))
  store = new Store(home)
})
afterEach(() => {
  store.close()
  rmSync(home, { recursive: true })
})

describe('the run store', () => {
  it('gives back what it was given, also after it was closed and opened', () => {
    const id = store.runs.create(newRun)
    store.runs.update(id, { state: 'failed', problem: { message: 'no', step: 3 }, device: 'CPU', steps: 10, stepsPerEpoch: 5 })
    store.append(id, [step(1), step(2)], [epoch(1, 0.25)])
    const before = store.runs.get(id)
    store.close()
    store = new Store(home)
    expect(store.runs.get(id)).toEqual(before)
    expect(before).toMatchObject({
      name: 'first',
      state: 'failed',
      problem: { message: 'no', step: 3 },
      network: 'tiny',
      dataset: 'shapes10',
      steps: 10,
    })
    expect(Object.keys(before)).not.toContain('_metadata')
    expect(store.runs.configuration(id)).toEqual(configuration)
    expect(store.steps.between(id, 1, 9)).toEqual([step(1), step(2)])
    expect(store.epochs.all(id)).toEqual([epoch(1, 0.25)])
  })

  it('keeps NaN and infinities as they were measured, and tells NaN from not tested', () => {
    const id = store.runs.create(newRun)
    store.append(id, [step(1, NaN), step(2, Infinity), step(3, -Infinity)], [epoch(1, null), epoch(2, NaN)])
    expect(store.steps.between(id, 1, 3).map((s) => s.loss)).toEqual([NaN, Infinity, -Infinity])
    expect([...curves(store, id).loss]).toEqual([NaN, Infinity, -Infinity])
    expect(store.epochs.all(id).map((e) => e.testAccuracy)).toEqual([null, NaN])
    expect(store.epochs.lastTested(id)?.testAccuracy).toBeNaN()
  })

  it('keeps what a test came to without copies, and tells one of a set that nobody looked through from one without any', () => {
    const id = store.runs.create(newRun)
    const epochs: EpochRecord[] = [
      { ...epoch(1, 0.5), withoutCopies: { copies: 3, accuracy: 0.25 } },
      { ...epoch(2, 0.5), withoutCopies: { copies: 0, accuracy: 0.5 } },
      { ...epoch(3, 0.5), withoutCopies: { copies: 9, accuracy: NaN } },
      epoch(4, 0.5),
      epoch(5, null),
    ]
    store.append(id, [], epochs)
    expect(store.epochs.all(id)).toEqual(epochs)
  })

  it('stores a bundle whole or not at all', () => {
    const id = store.runs.create(newRun)
    expect(() => store.append(id, [step(1), step(2), step(1)], [])).toThrow()
    expect(store.steps.between(id, 1, 9)).toEqual([])
    store.append(id, [step(1)], [])
    expect(lastValues(store, id)).toEqual({ step: step(1), measured: step(1) })
    expect(store.steps.lastTimes(id)).toEqual([{ step: 1, ms: 20 }])
  })

  it('keeps how long a step waited for its batch, and tells one that was not asked from one that did not wait', () => {
    const id = store.runs.create(newRun)
    const steps = [step(1), { ...step(2), waitedMs: 5 }, { ...step(3), waitedMs: 0 }]
    store.append(id, steps, [])
    expect(store.steps.between(id, 1, 3)).toEqual(steps)
    expect([...curves(store, id).waited]).toEqual([NaN, 0.25, 0])
    expect(store.steps.lastTimes(id)).toEqual([
      { step: 3, ms: 20, waitedMs: 0 },
      { step: 2, ms: 20, waitedMs: 5 },
      { step: 1, ms: 20 },
    ])
  })

  it('tells names and settings without reading runs whole', () => {
    const [first, second] = [store.runs.create(newRun), store.runs.create({ ...newRun, name: 'second' })]
    store.runs.delete(store.runs.create({ ...newRun, name: 'deleted' }))
    expect(store.runs.names()).toEqual([
      { id: second, name: 'second' },
      { id: first, name: 'first' },
    ])
    expect(store.runs.settings(first)).toEqual(store.runs.get(first).settings)
    expect(store.runs.settings(99)).toEqual({})
  })

  it('walks through a long run in order', () => {
    const id = store.runs.create(newRun)
    const all = Array.from({ length: 700 }, (_, i) => step(i + 1))
    store.append(id, all, [])
    expect([...store.steps.each(id)]).toEqual(all)
  })

  it('deletes a run with its records, never uses its number again, and gives the space back', () => {
    const keep = store.runs.create(newRun)
    const id = store.runs.create(newRun)
    const norms = new Float32Array(2000)
    store.append(keep, [step(1)], [])
    store.append(
      id,
      Array.from({ length: 200 }, (_, i) => ({ ...step(i + 1), norms })),
      [epoch(1, null)],
    )
    store.close()
    store = new Store(home)
    const before = statSync(store.file).size
    store.runs.purge(id)
    store.close()
    store = new Store(home)
    expect(statSync(store.file).size).toBeLessThan(before / 2)
    expect(store.runs.all().map((run) => run.id)).toEqual([keep])
    expect(() => store.runs.get(id)).toThrow(`there is no run ${id}`)
    expect(store.epochs.all(id)).toEqual([])
    expect(store.runs.create(newRun)).toBe(id + 1)
  })

  it('notices what another process wrote', () => {
    const seen = store.foreignWrites()
    store.runs.create(newRun)
    expect(store.foreignWrites()).toBe(seen)
    const other = new Store(home)
    other.runs.create(newRun)
    other.close()
    expect(store.foreignWrites()).not.toBe(seen)
    expect(store.runs.all()).toHaveLength(2)
  })

  it('refuses a store from the future, and leaves it alone', () => {
    const raw = new Database(store.file)
    raw.exec('PRAGMA user_version = 99')
    expect(() => new Store(home)).toThrow(/normlab\.db: the store has version 99.*newer NormLab/)
    expect(raw.prepare('PRAGMA user_version').all()).toEqual([{ user_version: 99 }])
    raw.exec('PRAGMA user_version = 1')
    raw.close()
  })

  it('says in a sentence that a file is no database, or that the folder cannot be made', () => {
    const other = path.join(home, 'other')
    new Store(other).close()
    writeFileSync(path.join(other, 'normlab.db'), 'no database at all. '.repeat(1000))
    rmSync(path.join(other, 'normlab.db-wal'), { force: true })
    expect(() => new Store(other)).toThrow(/other\/normlab\.db: this file is not a NormLab database; normlab store repair/)
    const folder =
      (...names: string[]) =>
      (): unknown =>
        new Store(path.join(other, 'normlab.db', ...names))
    expect(folder('x')).toThrow(
      /normlab\.db\/x: the data folder cannot be made: a part of this path is not a folder; choose another/,
    )
    expect(folder()).toThrow(/normlab\.db: the data folder cannot be made: something else has this name; choose another/)
  })
})

describe('ownership', () => {
  it('is alive while its lab is, for others in the same process too', () => {
    const mine = new Ownership(home)
    const theirs = new Ownership(home)
    expect(mine.isAlive(theirs.id)).toBe(true)
    expect(theirs.isAlive(mine.id)).toBe(true)
    theirs.close()
    expect(mine.isAlive(theirs.id)).toBe(false)
    expect(mine.isAlive('../../etc/passwd')).toBe(false)
    mine.close()
  })
})
