import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import Database from 'libsql'
import { expect, it, vi } from 'vitest'
import type { EngineSupervisor, TrainingListener } from '../../../../main/engine/supervisor'
import { RunQueue } from '../../../../main/lab/queue/run-queue'
import { Checkpoints } from '../../../../main/store/checkpoints'
import { Store } from '../../../../main/store/store'
import { Configuration } from '../../../../shared/configuration'

const configuration = Configuration.parse({
  network: { format: 'normlab/network', version: 1, name: 'tiny', nodes: [{ id: 'input', kind: 'input' }] },
})

it('a run whose turn comes while the store is locked is tried again in a moment, and holds up nothing until then', async () => {
  const home = mkdtempSync(path.join(tmpdir(), 'normlab-locked-'))
  const store = new Store(home)
  const other = new Database(path.join(home, 'normlab.db'))
  const training = new Map<number, TrainingListener>()
  const supervisor = {
    train: ({ run }: { run: number }, listener: TrainingListener) => void training.set(run, listener),
    stop: (run: number) => training.get(run)!.onEvents([{ type: 'ended', outcome: 'stopped' }]),
    close: () => Promise.resolve(),
  } as unknown as EngineSupervisor
  const owner = { owner: '0'.repeat(16), ownerPid: process.pid }
  const listener = { onRecords: vi.fn(), onSpectra: vi.fn(), onChange: vi.fn(), onBug: vi.fn() }
  const queue = new RunQueue(store, new Checkpoints(home), supervisor, owner, listener)
  try {
    const runs = ['a', 'b'].map((name) => {
      const run = store.runs.create({ name, configuration, units: [], parameters: 1, versions: {}, owner: null, ownerPid: null })
      store.runs.update(run, { state: 'interrupted', stepsPerEpoch: 10, steps: 100 })
      return run
    })
    for (const run of runs) queue.comeBack(run, 'again')
    expect([...training.keys()]).toEqual([runs[0]])
    const tried = vi.spyOn(store.epochs, 'dropPartial')
    other.exec('BEGIN IMMEDIATE')
    training.get(runs[0]!)!.onEvents([{ type: 'ended', outcome: 'done' }])
    expect(tried.mock.calls.length).toBe(1)
    other.exec('ROLLBACK')
    await expect.poll(() => [...training.keys()]).toEqual(runs)
  } finally {
    other.close()
    await queue.close(1000)
    store.close()
    rmSync(home, { recursive: true })
  }
})
