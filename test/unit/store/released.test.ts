import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { gunzipSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { migrations } from '../../../main/store/migrations'
import { versionOf } from '../../../main/store/schema'
import { experiments } from '../../../main/store/experiments'
import { curves } from '../../../main/store/series'
import { Store } from '../../../main/store/store'
import { cellsOf } from '../../../shared/experiments/expand'

/**
 * Stores that each version of NormLab wrote, with two trained runs in each, and what that version exported of them. A version that is
 * released adds its own: `gzip -9n` of its normlab.db, and the numbers of its `runs export`.
 */
const released = path.join(__dirname, 'released')
const names = readdirSync(released).flatMap((name) => /^(.*)\.db\.gz$/.exec(name)?.[1] ?? [])

interface Exported {
  readonly name: string
  readonly state: string
  readonly epochs: { epoch: number; trainLoss: number; testAccuracy: number | null; means: number[] }[]
  readonly steps: { step: number; loss: number; accuracy: number; rate: number; norms: number[] }[]
}

let home: string
beforeEach(() => (home = mkdtempSync(path.join(tmpdir(), 'normlab-released-'))))
afterEach(() => rmSync(home, { recursive: true }))

describe('a store that a released NormLab wrote', () => {
  it('is kept of every version before this one', () => {
    const versions = names.map((name) => Number.parseInt(name))
    expect(versions).toEqual(expect.arrayContaining(migrations.slice(1).map((_, i) => i + 1)))
  })

  it.each(names)('of version %s opens, lists its runs whole and tells the numbers that it told then', (name) => {
    writeFileSync(path.join(home, 'normlab.db'), gunzipSync(readFileSync(path.join(released, `${name}.db.gz`))))
    const wanted = JSON.parse(readFileSync(path.join(released, `${name}.json`), 'utf8')) as Exported[]
    const store = new Store(home)
    try {
      expect(versionOf(store)).toBe(migrations.length)
      const runs = store.runs.all().reverse()
      expect(runs.map((run) => [run.name, run.state, run.unreadable])).toEqual(wanted.map((run) => [run.name, run.state, []]))
      for (const [i, { id }] of runs.entries()) {
        const steps = [...store.steps.each(id)]
        expect(steps.map(({ step, loss, accuracy, rate, norms }) => ({ step, loss, accuracy, rate, norms: [...norms] }))).toEqual(
          wanted[i]!.steps.map((step) => ({ ...step, norms: step.norms.map(Math.fround) })),
        )
        const epochs = store.epochs.all(id).map(({ epoch, trainLoss, testAccuracy, ratios }) => {
          return { epoch, trainLoss, testAccuracy, means: [...ratios.mean] }
        })
        expect(epochs).toEqual(wanted[i]!.epochs.map((epoch) => ({ ...epoch, means: epoch.means.map(Math.fround) })))
        const { step, loss, chainRatio } = curves(store, id)
        expect([...step]).toEqual(steps.map((record) => record.step))
        expect([...loss]).toEqual(steps.map((record) => Math.fround(record.loss)))
        expect(chainRatio.every(Number.isFinite)).toBe(true)
        expect(store.runs.configuration(id).training.batch).toBe(16)
      }
    } finally {
      store.close()
    }
  })

  it('has device, threads and recomputation in the execution of its runs and experiments from the ninth version on', () => {
    writeFileSync(path.join(home, 'normlab.db'), gunzipSync(readFileSync(path.join(released, '8.db.gz'))))
    const store = new Store(home)
    try {
      const [second, first] = store.runs.all()
      expect(store.runs.configuration(first!.id).execution).toEqual({ recompute: 0, device: 'auto', threads: 1 })
      expect(second!.settings).toMatchObject({ execution: { recompute: 1, device: 'auto', threads: 1 }, training: { batch: 16 } })
      expect(second!.settings['training']).not.toHaveProperty('recompute')
      const [of] = experiments(store)
      expect(of!.definition.axes[0]!.variants.map(({ set }) => set)).toEqual([
        { 'execution.threads': 1 },
        { 'execution.threads': 2 },
      ])
      expect(cellsOf(of!.definition).map(({ input }) => [input.training, input.execution])).toEqual([
        [{ rate: 0.1 }, { threads: 1 }],
        [{ rate: 0.1 }, { threads: 2 }],
      ])
    } finally {
      store.close()
    }
  })
})
