import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { inTurn } from '../../../main/lab/in-turn'
import { Follower } from '../../../main/lab/submissions/follower'
import { notWritten } from '../../../main/files/write-file'
import { type CellNews, NoAnswer, type Place, type TaskState } from '../../../main/places/place'
import type { Checkpoints } from '../../../main/store/checkpoints'
import { StoreFailure } from '../../../main/store/failures'
import { Store } from '../../../main/store/store'
import { createSubmission, submissions, submittedCells } from '../../../main/store/submissions'
import { Configuration } from '../../../shared/configuration'
import type { CellEnd } from '../../../shared/places/cell-log'
import { SlurmProfile } from '../../../shared/places/profile'
import type { Unit } from '../../../shared/records'
import { encodeMessage } from '../../../shared/wire'

const units: Unit[] = [{ name: 'a', kind: 'block', shape: [] }]
const profile = SlurmProfile.parse({ kind: 'slurm', name: 'hpc', host: 'login' })
const configuration = Configuration.parse({
  network: { format: 'normlab/network', version: 1, name: 'tiny', nodes: [{ id: 'input', kind: 'input' }] },
})
/** Records of steps as a cell's log has them. */
const stepsOf = (first: number, last: number): Buffer => {
  const steps = Array.from({ length: last - first + 1 }, (_, index) => ({
    ...{ step: first + index, epoch: 1, loss: 1, accuracy: 0, rate: 0.1, ms: 1, norms: Float32Array.of(1, 1) },
  }))
  return Buffer.from(encodeMessage({ type: 'records', steps, epochs: [] }) + '\n')
}
const done = (hasBundle: boolean): string => {
  const bundle = hasBundle ? { bytes: 5, sha256: 'a'.repeat(64) } : null
  return JSON.stringify({ state: 'done', problem: null, notices: [], bundle } satisfies CellEnd)
}

/** A place of two cells, whose files and tasks the tests set. */
class FakePlace implements Place {
  readonly logs: [Uint8Array, Uint8Array] = [Buffer.alloc(0), Buffer.alloc(0)]
  readonly ends: (string | null)[] = [null, null]
  readonly tasks: TaskState[] = [0, 1].map(() => ({ state: 'runs', words: 'RUNNING' }))
  /** What a call of these names comes to, in place of an answer. */
  readonly faults = new Map<string, Error>()
  /** Times of calls, milliseconds. */
  readonly called: { readonly name: string; readonly at: number }[] = []
  /** Of a fetch, milliseconds. */
  takes = 0
  whileCancelling = (): Promise<void> => Promise.resolve()

  private ask(name: string): void {
    this.called.push({ name, at: performance.now() })
    const fault = this.faults.get(name) ?? this.faults.get('all')
    if (fault) throw fault
  }
  async submit() {
    this.ask('submit')
    return Promise.resolve({ jobs: ['11:0:2'], left: 0 })
  }
  async states() {
    this.ask('states')
    return Promise.resolve(new Map(this.tasks.entries()))
  }
  async again() {
    return Promise.resolve(false)
  }
  async cancel() {
    this.ask('cancel')
    return this.whileCancelling()
  }
  async fetch(_grid: string, known: ReadonlyMap<number, number>): Promise<readonly CellNews[]> {
    this.ask('fetch')
    if (this.takes > 0) await new Promise((resolve) => setTimeout(resolve, this.takes))
    return [...known].flatMap(([cell, at]) => {
      const [log, end] = [this.logs[cell as 0 | 1].subarray(at), this.ends[cell]!]
      return log.length > 0 || end !== null ? [{ cell, log, end }] : []
    })
  }
  async bring() {
    this.ask('bring')
    return Promise.resolve()
  }
  async lastLines() {
    return Promise.resolve('')
  }
  async outlook() {
    return Promise.resolve(null)
  }
  async check() {
    return Promise.resolve([])
  }
  async close() {
    return Promise.resolve()
  }
}

describe('a grid at another place', () => {
  let home: string
  let store: Store
  let place: FakePlace
  let follower: Follower
  let runs: number[]
  let submission: number
  const bugs: string[] = []
  const after = (seconds: number) => vi.advanceTimersByTimeAsync(seconds * 1000)
  const problem = (): string | null | undefined => submissions(store, 'open')[0]?.problem
  const stored = (cell: number): number => store.steps.lastNumber(runs[cell]!)
  const stateOf = (cell: number): string => store.runs.get(runs[cell]!).state

  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance', 'Date'] })
    home = mkdtempSync(path.join(tmpdir(), 'normlab-follower-'))
    store = new Store(home)
    const make = (name: string): number =>
      store.runs.create({ name, configuration, units, parameters: 1, versions: {}, owner: null, ownerPid: null })
    runs = [make('one'), make('two')]
    submission = createSubmission(store, null, profile, runs)
    place = new FakePlace()
    const world = { store, checkpoints: undefined as unknown as Checkpoints, datasetsOf: () => [], onRecords: () => undefined, onChange: () => undefined, onBug: (text: string) => bugs.push(text) } // prettier-ignore
    follower = new Follower(world, submissions(store, 'open')[0]!, () => undefined, () => place) // prettier-ignore
  })
  afterEach(async () => {
    vi.restoreAllMocks()
    await follower.close()
    store.close()
    vi.useRealTimers()
    rmSync(home, { recursive: true })
    expect(bugs).toEqual([])
  })

  it('is followed on once the store can be written again', async () => {
    place.logs[0] = stepsOf(1, 5)
    await after(2)
    expect(stored(0)).toBe(5)
    const locked = (): never => {
      throw new StoreFailure('another program keeps the database locked', {}, 'SQLITE_BUSY')
    }
    const [change, transaction] = [vi.spyOn(store, 'change'), vi.spyOn(store, 'transaction')]
    change.mockImplementation(locked)
    transaction.mockImplementation(locked)
    place.logs[0] = Buffer.concat([place.logs[0], stepsOf(6, 10)])
    place.logs[1] = stepsOf(1, 3)
    place.ends[1] = done(false)
    await after(60)
    expect([stored(0), stored(1)]).toEqual([5, 0])
    change.mockRestore()
    transaction.mockRestore()
    await after(120)
    expect([stored(0), stored(1), stateOf(1), problem()]).toEqual([10, 3, 'done', null])
  })

  it('is not taken for refused where the store did not keep what the place answered', async () => {
    const change = vi.spyOn(store, 'change').mockImplementation(() => {
      throw new StoreFailure('the disk is full', {}, 'SQLITE_FULL')
    })
    await after(5)
    change.mockRestore()
    await after(120)
    expect([stateOf(0), submissions(store, 'open')[0]!.jobs]).toEqual(['running', ['11:0:2']])
  })

  it('loses no records of other cells while one is cancelled', async () => {
    place.logs[1] = stepsOf(1, 5)
    await after(2)
    place.takes = 5_000
    let go = (): void => undefined
    place.whileCancelling = () => new Promise((resolve) => (go = resolve))
    const cancelled = follower.cancel([runs[0]!])
    // Turns would be on their way meanwhile, and fetch from the same byte on.
    for (let step = 6; step <= 30; step++) {
      place.logs[1] = Buffer.concat([place.logs[1], stepsOf(step, step)])
      await after(1)
      if (step === 14) go()
    }
    await cancelled
    await after(60)
    expect([stateOf(0), stored(1)]).toEqual(['stopped', 30])
    expect(submittedCells(store, submission)[1]!.position).toBe(place.logs[1].length)
  })

  it('is asked for more and more rarely where nobody answers, and the reason stays told', async () => {
    await after(2)
    place.faults.set('all', new NoAnswer('no route'))
    place.called.length = 0
    const told = new Set<unknown>()
    for (let second = 0; second < 600; second++) {
      await after(1)
      if (place.called.length > 0) told.add(problem())
    }
    const times = place.called.map(({ at }) => Math.round(at / 1000))
    const pauses = times.slice(1).map((at, index) => at - times[index]!)
    expect(pauses).toEqual([2, 4, 8, 16, 32, 64, 120, 120, 120].slice(0, pauses.length))
    expect(pauses.length).toBeGreaterThan(6)
    expect([...told]).toEqual(['no route'])
    place.faults.clear()
    await after(120)
    expect(problem()).toBeNull()
  })

  it('goes on with its other cells while the bundle of one does not come', async () => {
    place.ends[0] = done(true)
    place.faults.set('bring', new NoAnswer('the connection was lost'))
    place.tasks[1] = { state: 'runs', words: 'COMPLETING' }
    for (let step = 1; step <= 60; step++) {
      place.logs[1] = Buffer.concat([place.logs[1], stepsOf(step, step)])
      await after(10)
    }
    expect([stored(1), problem(), submittedCells(store, submission)[1]!.words]).toEqual([60, 'the connection was lost', 'COMPLETING']) // prettier-ignore
    // Minutes lie between the tries of a thing that may have gigabytes.
    expect(place.called.filter(({ name }) => name === 'bring').length).toBeLessThan(13)
    expect(stateOf(0)).not.toBe('done')
  })

  it('keeps a bundle that this disk has no room for at the place, however often it is tried', async () => {
    place.ends[0] = done(true)
    place.faults.set('bring', notWritten('home', { code: 'ENOSPC' }))
    await after(1200)
    expect(place.called.filter(({ name }) => name === 'bring').length).toBeGreaterThan(5)
    expect(store.runs.get(runs[0]!).notices).toEqual([])
    expect([submittedCells(store, submission)[0]!.isOver, problem()]).toEqual([false, expect.stringMatching(/disk is full/)])
  })

  it('gives a cell up whose task is gone once its last word had a minute and a half to be seen', async () => {
    place.logs[0] = stepsOf(1, 5)
    place.logs[1] = stepsOf(1, 5)
    await after(2)
    place.tasks[0] = { state: 'gone', words: 'COMPLETED' }
    place.tasks[1] = { state: 'gone', words: 'OUT_OF_MEMORY' }
    await after(60)
    expect([stateOf(0), stateOf(1)]).toEqual(['running', 'running'])
    place.ends[0] = done(false)
    await after(60)
    expect([stateOf(0), stateOf(1)]).toEqual(['done', 'interrupted'])
  })
})

describe('things that are ended in their turn', () => {
  it('all end, whatever one does', async () => {
    const ended: string[] = []
    const parts = [
      () => ended.push('first'),
      () => Promise.reject(new Error('the second')),
      () => Promise.reject(new Error('the third')),
      () => ended.push('last'),
    ]
    await expect(inTurn(parts)).rejects.toThrow('the second')
    expect(ended).toEqual(['first', 'last'])
  })
})
