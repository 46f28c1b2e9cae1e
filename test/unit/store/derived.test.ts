import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { RunRecords } from '../../../renderer/runs/run-records'
import { STRETCH } from '../../../main/store/packed-curves'
import { curves } from '../../../main/store/series'
import { Store } from '../../../main/store/store'
import { Configuration } from '../../../shared/configuration'
import { EpochSummary } from '../../../shared/measures/epoch-summary'
import type { StepRecord, Unit } from '../../../shared/records'

const units: Unit[] = [
  { name: 'stem', kind: 'stem', shape: [8, 8, 1] },
  { name: 'block1', kind: 'block', shape: [8, 8, 4] },
]
const step = (number: number, norms: number[]): StepRecord => ({
  ...{ step: number, epoch: 1, loss: 1, accuracy: 0.5, rate: 0.1, ms: 1, norms: Float32Array.from(norms) },
})
/** The first has no finite ratio of the block, the second was not measured, the last diverged. */
const steps = [step(1, [1, 0, 0]), step(2, []), step(3, [6, 2, 1]), step(4, [1, 4, 1]), step(5, [1, NaN, 1])]

let home: string
let store: Store
let run: number
beforeEach(() => {
  home = mkdtempSync(path.join(tmpdir(), 'normlab-derived-'))
  store = new Store(home)
  const network = { format: 'normlab/network', version: 1, name: 'tiny', nodes: [{ id: 'input', kind: 'input' }] }
  const configuration = Configuration.parse({ network })
  run = store.runs.create({ name: 'a', configuration, units, parameters: 1, versions: {}, owner: null, ownerPid: null })
})
afterEach(() => {
  store.close()
  rmSync(home, { recursive: true })
})
function reopen(): void {
  store.close()
  store = new Store(home)
}

describe('what is derived of a run', () => {
  it('has one rule for ratios that are not finite: in an older record, in a finished epoch and in one that goes on', () => {
    const summary = new EpochSummary(1, 2)
    for (const one of steps.slice(0, 4)) summary.add(one)
    const whole = summary.record(null, 2)
    expect(whole).toMatchObject({ measured: 3, ratios: { mean: Float32Array.of(1.625, 3), notFinite: Float32Array.of(1, 1) } })
    // As an older version had it: every value in, and nothing counted.
    const nothing = Float32Array.of(Infinity, NaN)
    const { measured: _, ...older } = whole
    store.append(run, steps, [{ ...older, ratios: { mean: nothing, min: nothing, max: nothing } }])
    reopen()
    expect(store.epochs.all(run)).toEqual([whole])
    const live = new RunRecords(units)
    live.addSteps(steps)
    const { mean, min, max, notFinite } = live.openEpoch!
    expect({ mean, min, max, notFinite }).toEqual(whole.ratios)
  })

  it('counts the measured steps of older epochs in which nothing was left out, and keeps their numbers', () => {
    const ratios = { mean: Float32Array.of(1, 2), min: Float32Array.of(1, 2), max: Float32Array.of(1, 2) }
    const told = {
      epoch: 1,
      firstStep: 1,
      lastStep: 5,
      trainLoss: 1,
      trainAccuracy: 0,
      testLoss: null,
      testAccuracy: null,
      seconds: 1,
    }
    store.append(run, [step(1, [2, 2, 1]), step(2, []), step(3, [2, 2, 1])], [{ ...told, ratios }])
    reopen()
    expect(store.epochs.all(run)).toEqual([{ ...told, measured: 2, ratios: { ...ratios, notFinite: Float32Array.of(0, 0) } }])
  })

  it('is made anew where a measure has another column or the packed curves another layout', () => {
    const many = Array.from({ length: STRETCH + 2 }, (_, i) => step(i + 1, i % 10 === 0 ? [4, 2, 1] : []))
    for (let i = 0; i < many.length; i += 1000) store.append(run, many.slice(i, i + 1000), [])
    const before = curves(store, run)
    expect(before.deviationAll[0]).toBe(1)
    expect(before.deviation[0]).toBe(1)
    expect(before.chainRatio.filter(Number.isFinite)).toHaveLength(Math.ceil(many.length / 10))
    store.execute('ALTER TABLE scalars DROP COLUMN deviation_all; UPDATE runs SET scalars_version = 7')
    store.execute("UPDATE packed_curves SET layout = 7, data = x'00'")
    reopen()
    expect(curves(store, run)).toEqual(before)
    store.execute("UPDATE packed_curves SET layout = 7, data = x'00'")
    expect(curves(store, run)).toEqual(before)
  })
})
