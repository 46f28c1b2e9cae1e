import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { inspectNetwork, resolveNetwork } from '../../../shared/architecture'
import { Configuration } from '../../../shared/configuration'
import { basisWords, StepTimes } from '../../../main/lab/step-times'
import { Store } from '../../../main/store/store'

it('what the times of many runs rest on is told once, with the farthest that it was scaled', () => {
  const scaled = { ms: 3, source: 'the step time of run 1 here, scaled by operations' }
  const factors = [1, 12.3, 40.2, 9].map((factor) => ({ ...scaled, factor }))
  expect(basisWords(factors)).toBe(`${scaled.source} over a factor of up to 40, which may be far off`)
  expect(basisWords([factors[1]!, factors[1]!])).toBe(`${scaled.source} over a factor of 12, which may be far off`)
  expect(basisWords([factors[0]!, { ms: 1, source: 'a pass', factor: 1 }, factors[0]!])).toBe(`${scaled.source}; a pass`)
})

describe('the time of a step', () => {
  let folder: string
  let store: Store
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'normlab-times-'))
    store = new Store(folder)
  })
  afterEach(() => {
    store.close()
    rmSync(folder, { recursive: true, force: true })
  })
  const work = (words: string, batch: number) => {
    const network = resolveNetwork(words).document
    return { network, flops: inspectNetwork(network).flops, training: { batch }, execution: { recompute: 0 } }
  }
  /** A run whose steps took so many milliseconds. */
  function trained(words: string, batch: number, times: readonly number[]): void {
    const configuration = Configuration.parse({ network: work(words, batch).network, training: { batch } })
    const about = { units: [], parameters: 1, versions: {}, owner: null, ownerPid: null }
    const id = store.runs.create({ name: 'run', configuration, ...about })
    const common = { epoch: 1, loss: 1, accuracy: 0, rate: 0.1, norms: Float32Array.of(1) }
    store.runs.update(id, { startedAt: '2026-01-01T00:00:00.000Z' })
    store.append(
      id,
      times.map((ms, at) => ({ ...common, step: at + 1, ms })),
      [],
    )
  }

  it('is not told by a run of TensorFlow’s first steps alone', () => {
    trained('plain:blocks=1', 8, [120, 40])
    expect(new StepTimes(store).of(work('plain:blocks=1', 8))).toMatchObject({ ms: null })
    trained('plain:blocks=1', 8, [120, 40, 10, 10, 10, 10, 10])
    expect(new StepTimes(store).of(work('plain:blocks=1', 8))).toMatchObject({ ms: 10, factor: 1 })
  })
  it('is scaled by operations from a run that is not too far away, and else not known', () => {
    trained('plain:blocks=1', 8, [10, 10, 10, 10, 10, 10])
    const near = new StepTimes(store).of(work('plain:blocks=1', 32))
    expect(near.ms).toBeCloseTo(40, 6)
    const far = new StepTimes(store).of(work('plain:blocks=1', 512))
    expect(far).toMatchObject({ ms: null, source: expect.stringContaining('64 times fewer operations') as string })
  })
})
