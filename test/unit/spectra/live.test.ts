import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { nicenessFor, restMs } from '../../../main/engine/spectra/cpu-share'
import { drawnLooks, density } from '../../../renderer/runs/spectra/ridge'
import { expand, networkFromPreset, spectralLayers } from '../../../shared/architecture'
import {
  LIVE_QUANTILES,
  LIVE_VALUES,
  liveLayers,
  liveValues,
  MOST_LIVE_BYTES,
  shareTaken,
  stepsBetween,
} from '../../../shared/spectra/live'
import { LIVE_SUMMARIES, liveFields, liveNumber } from '../../../shared/spectra/live-summaries'

describe('what is kept of a spectrum while a run trains', () => {
  it('is its quantiles with both ends, stable rank, condition number and share near 1', () => {
    const values = liveValues({ values: Float32Array.of(4, 2, 1.05, 1, 0.5), times: 3 }, 0.1)
    expect(values).toHaveLength(LIVE_VALUES)
    expect([values[0], values[LIVE_QUANTILES - 1]]).toEqual([4, 0.5])
    const fields = liveFields(values, 0)
    expect(fields).toMatchObject({ largest: 4, smallest: 0.5, median: 1.05, condition: 8, withinOne: 0.4 })
    expect(fields.stableRank).toBeCloseTo((3 * (16 + 4 + 1.05 ** 2 + 1 + 0.25)) / 16, 5)
    expect(LIVE_SUMMARIES.map((summary) => liveNumber(values, 0, summary)).every((value) => value > 0)).toBe(true)
  })

  it('is of the convolutions and dense layers that were named, in the order of the forward pass', () => {
    const network = expand(networkFromPreset('proc-resnet:blocks=1,planes=2/4', { input: [8, 8, 1] }))
    const all = liveLayers(network, 'all').map(({ name }) => name)
    expect(all).toHaveLength(spectralLayers(network, 'all').length)
    expect(liveLayers(network, 'transitions').map(({ name }) => name)).toEqual(
      all.filter((name) => /^(stem|transition)/.test(name)),
    )
    expect(liveLayers(network, [all[3]!]).map(({ name }) => name)).toEqual([all[3]])
    expect(() => liveLayers(network, ['nowhere'])).toThrow('no convolution or dense layer is called "nowhere"')
  })

  it('keeps within its bytes, whatever a run’s length', () => {
    expect(stepsBetween(10, 1000, 20)).toBe(10)
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 1000 }),
        fc.integer({ min: 1, max: 1e7 }),
        fc.integer({ min: 1, max: 2000 }),
        (every, steps, layers) => {
          const between = stepsBetween(every, steps, layers)
          expect(between % every).toBe(0)
          expect((steps / between) * layers * LIVE_VALUES * 4).toBeLessThanOrEqual(MOST_LIVE_BYTES)
        },
      ),
    )
  })
})

describe('the share of the processor', () => {
  it('is kept by a rest that grows with what was taken, and not without need', () => {
    expect(restMs(15, 100, 0.2)).toBe(0)
    expect(restMs(50, 100, 0.2)).toBe(225)
    expect(restMs(50, 50, 1)).toBe(0)
  })

  it('is left to others by as many steps of niceness as divide a processor so', () => {
    expect([1, 0.5, 0.2, 0.1, 0.01].map(nicenessFor)).toEqual([0, 0, 6, 10, 19])
    for (const share of [0.4, 0.2, 0.1, 0.05]) {
      const weight = 1.25 ** -nicenessFor(share)
      expect(weight / (1 + weight)).toBeCloseTo(share, 1)
    }
  })

  it('is told of one processor', () => {
    const looks = [
      { cpuMs: 10, wallMs: 100 },
      { cpuMs: 30, wallMs: 100 },
    ]
    expect(shareTaken(looks)).toBe(0.2)
    expect(shareTaken([])).toBeNaN()
  })
})

describe('ridges', () => {
  it('are of looks spread over all, with the ends and the moment', () => {
    expect(drawnLooks(3, 8, 1)).toEqual([0, 1, 2])
    for (const moment of [-1, 0, 1, 37, 98, 99]) {
      const drawn = drawnLooks(100, 9, moment)
      expect(drawn).toHaveLength(9)
      expect(drawn).toEqual([...new Set(drawn)].sort((a, b) => a - b))
      expect([drawn[0], drawn[8]]).toEqual([0, 99])
      if (moment >= 0) expect(drawn).toContain(moment)
    }
  })

  it('rise where singular values lie, to a line where all are equal', () => {
    const equal = density(new Float32Array(LIVE_QUANTILES).fill(1), 2)
    const peak = equal.indexOf(1)
    expect(peak / (equal.length - 1)).toBeCloseTo(0.5, 1)
    expect(equal.filter((value) => value > 0).length).toBeLessThan(0.06 * equal.length)
    const even = density(
      Float32Array.from({ length: LIVE_QUANTILES }, (_, i) => 1.5 - i / (LIVE_QUANTILES - 1)),
      2,
    )
    expect(Math.min(...even.slice(60, 120))).toBeGreaterThan(0.7)
    expect(density(new Float32Array(LIVE_QUANTILES).fill(NaN), 2).every((value) => value === 0)).toBe(true)
  })
})
