import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { summarise } from '../../../main/lab/summary'
import { Store } from '../../../main/store/store'
import { Configuration } from '../../../shared/configuration'
import type { EpochRecord, StepRecord } from '../../../shared/records'
import { writeSignal } from '../../../shared/norms/signal'

let home: string
let store: Store
beforeEach(() => {
  home = mkdtempSync(path.join(tmpdir(), 'normlab-summary-'))
  store = new Store(home)
})
afterEach(() => {
  store.close()
  rmSync(home, { recursive: true })
})

const unit = { name: 'a', kind: 'block' as const, depth: 1, shape: [2, 2, 1] }

function newRun(): number {
  const configuration = Configuration.parse({
    network: { format: 'normlab/network', version: 1, name: 'tiny', nodes: [{ id: 'input', kind: 'input' }] },
    training: { measures: { every: 1000, signal: 300 } },
  })
  const versions = { NormLab: '0.1.0' }
  const run = { name: 'sparse', configuration, units: [unit, { ...unit, name: 'b' }], parameters: 12 }
  return store.runs.create({ ...run, versions, owner: null, ownerPid: null })
}

function step(at: number, branch?: number): StepRecord {
  const norms = (at - 1) % 1000 === 0 ? Float32Array.of(0.9, 1, 1.25) : new Float32Array()
  const record = { step: at, epoch: Math.ceil(at / 64), loss: 1, accuracy: 0.5, rate: 0.1, ms: 20, norms }
  if (branch === undefined) return record
  const [meanSquares, variances] = [Float32Array.of(1, 1, 1), Float32Array.of(1, 1, 1)]
  return { ...record, signal: writeSignal({ meanSquares, variances, branchVariances: Float32Array.of(branch, branch) }) }
}

function epoch(at: number, measured: number): EpochRecord {
  const of = (value: number): Float32Array => Float32Array.of(value, value)
  const none = measured === 0 ? NaN : 0.8
  return {
    ...{
      epoch: at,
      firstStep: 64 * at - 63,
      lastStep: 64 * at,
      trainLoss: 1 / at,
      trainAccuracy: 0.5,
      testLoss: null,
      testAccuracy: null,
    },
    ...{ seconds: 1, measured },
    ratios: { mean: of(none), min: of(none), max: of(none), notFinite: of(0) },
  }
}

it('tells of the last epoch that measured norms, where whole epochs lie between two measurements', () => {
  const run = newRun()
  store.append(run, [step(1), step(128)], [epoch(1, 1), epoch(2, 0)])
  const { measures } = summarise(store.runs.get(run), undefined, null, store)
  expect(measures.trainLoss).toBe(0.5)
  expect(measures.deviation).toBeCloseTo(0.2, 6)
  expect(measures.smallestRatio).toBeCloseTo(0.8, 6)
})

it('tells the branch share of the last look, and blocks near the identity of the last one whose norms were measured', () => {
  const run = newRun()
  store.append(run, [step(1, 0.001), step(301, 0.5), step(302)], [])
  const { measures } = summarise(store.runs.get(run), undefined, null, store)
  expect(measures.branchShare).toBeGreaterThan(0.3)
  expect(measures.identityBlocks).toBe(0)
})
