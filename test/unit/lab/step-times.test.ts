import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { inspectNetwork, resolveNetwork } from '../../../shared/architecture'
import { Configuration } from '../../../shared/configuration'
import { StepTimes } from '../../../main/lab/step-times'
import { basisWords, type TimeBasis } from '../../../main/lab/time-basis'
import { Store } from '../../../main/store/store'

describe('what times rest on', () => {
  it('is told once for the cells of an experiment, with the farthest that it was scaled', () => {
    const scaled = (factor: number, ...runs: number[]): TimeBasis => ({ kind: 'scaled', runs, factor })
    const told = 'the step time of run 1 here, scaled by operations'
    expect(basisWords([scaled(1, 1), scaled(1, 1)])).toBe(told)
    expect(basisWords([1, 12.3, 40.2, 9].map((factor) => scaled(factor, 1)))).toBe(
      `${told} over a factor of up to 40, which may be far off`,
    )
    expect(basisWords([scaled(12.3, 1), scaled(12.3, 1)])).toBe(`${told} over a factor of 12, which may be far off`)
    expect(basisWords([scaled(1, 1, 2), { kind: 'pass' }, scaled(1, 2, 3)])).toBe(
      'a pass of this network and batch, measured before; the step times of 3 runs here, scaled by operations',
    )
    expect(
      basisWords([
        { kind: 'same', runs: [4] },
        { kind: 'same', runs: [4] },
      ]),
    ).toBe('the step time of run 4 of this network and batch here')
    expect(basisWords([1, 2, 3].map((run) => ({ kind: 'same', runs: [run] })))).toBe(
      'the step times of 3 runs of these networks and batches here',
    )
  })
  it('is what is missing where a time is not known', () => {
    const far = (factor: number, isLarger = true): TimeBasis => ({ kind: 'too-far', factor, isLarger })
    expect(basisWords([{ kind: 'same', runs: [1] }, far(41.2), far(64), far(120.4)])).toBe(
      'no run of about this size has been trained here yet (the nearest has steps of 41 to 120 times fewer operations), so the time is not known',
    )
    expect(basisWords([far(64), far(40, false)])).toContain('64 times fewer or 40 times more operations')
  })
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
    expect(new StepTimes(store).of(work('plain:blocks=1', 8))).toMatchObject({ ms: 10, basis: { kind: 'same' } })
  })
  it('is not outvoted by tiny runs where one of about its size was trained', () => {
    trained('plain:blocks=3', 32, [160, 160, 160, 160, 160, 160])
    // A first experiment: its steps take what every step takes, whatever is computed in it.
    for (let run = 0; run < 4; run++) trained('plain:blocks=1,widths=4/8', 2, [5, 5, 5, 5, 5, 5])
    const { ms, basis } = new StepTimes(store).of(work('plain:blocks=3', 64))
    expect(ms).toBeCloseTo(320, 6)
    expect(basis).toMatchObject({ kind: 'scaled', runs: [1] })
  })
  it('is scaled by operations from a run that is not too far away, and else not known', () => {
    trained('plain:blocks=1', 8, [10, 10, 10, 10, 10, 10])
    const near = new StepTimes(store).of(work('plain:blocks=1', 32))
    expect(near.ms).toBeCloseTo(40, 6)
    const far = new StepTimes(store).of(work('plain:blocks=1', 512))
    expect(far).toMatchObject({ ms: null, basis: { kind: 'too-far', isLarger: true } })
    expect(basisWords([far.basis])).toContain('64 times fewer operations')
  })
})
