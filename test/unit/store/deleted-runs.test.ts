import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { Configuration } from '../../../shared/configuration'
import { Checkpoints, checkpointFile } from '../../../main/store/checkpoints'
import { bytesOf, purgeOldRuns, purgeTime } from '../../../main/store/deleted-runs'
import { Store } from '../../../main/store/store'

const DAY_MS = 86_400_000
const configuration = Configuration.parse({
  network: { format: 'normlab/network', version: 1, name: 'tiny', nodes: [{ id: 'input', kind: 'input' }] },
})

const fail = (text: string): void => expect.fail(text)

let home: string
let store: Store
let checkpoints: Checkpoints
let run: number
beforeEach(() => {
  home = mkdtempSync(path.join(tmpdir(), 'normlab-deleted-'))
  store = new Store(home)
  checkpoints = new Checkpoints(home)
  run = store.runs.create({ name: 'gone', configuration, units: [], parameters: 1, versions: {}, owner: null, ownerPid: null })
  store.append(run, [{ step: 1, epoch: 1, loss: 1, accuracy: 0, rate: 1, ms: 1, norms: new Float32Array(250) }], [])
  const { folder } = checkpoints.of(run)
  mkdirSync(folder, { recursive: true })
  writeFileSync(checkpointFile(folder, 1), Buffer.alloc(5000))
})
afterEach(() => {
  store.close()
  rmSync(home, { recursive: true })
})

describe('a deleted run', () => {
  it('is in no list but that of the deleted, and comes back as it was', () => {
    const before = store.runs.get(run)
    store.runs.delete(run)
    expect(store.runs.all()).toEqual([])
    expect(store.runs.some(new Set([run]))).toEqual([])
    expect(store.runs.marks().size).toBe(0)
    expect(() => store.runs.get(run)).toThrow(`run ${run} was deleted; restore it first`)
    expect(store.runs.deleted().map(({ id }) => id)).toEqual([run])
    store.runs.restore(run)
    expect(store.runs.get(run)).toEqual(before)
    expect(store.steps.lastNumber(run)).toBe(1)
    expect(() => store.runs.restore(99)).toThrow('there is no run 99')
  })

  it('is gone for good, with its files, once thirty days are over', () => {
    const { folder } = checkpoints.of(run)
    const now = new Date('2026-03-01T00:00:00.000Z')
    store.runs.delete(run, now)
    expect(purgeTime(now.toISOString())).toBe('2026-03-31T00:00:00.000Z')
    purgeOldRuns(store, checkpoints, fail, now.getTime() + 30 * DAY_MS)
    expect([store.runs.deleted().length, existsSync(folder)]).toEqual([1, true])
    purgeOldRuns(store, checkpoints, fail, now.getTime() + 30 * DAY_MS + 1)
    expect([store.runs.deleted().length, existsSync(folder), store.steps.lastNumber(run)]).toEqual([0, false, 0])
  })

  it('takes the space of its records and its files', () => {
    const bytes = bytesOf(store, checkpoints, run)
    expect(bytes).toBeGreaterThan(6000)
    expect(bytes).toBeLessThan(7000)
  })
})
