import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { networkFromPreset } from '../../../shared/architecture'
import { inspectNetwork } from '../../../shared/architecture/inspect'
import { ComparisonLayout } from '../../../shared/comparison'
import { testedOn } from '../../../shared/data-splits'
import { findMeasure, measureOf, measures, stepMeasures } from '../../../shared/measures'
import { areUnlike, badness, bestOf } from '../../../shared/measures/best'
import { areAlike, unitSets } from '../../../shared/measures/unit-sets'
import { measureNorms, measureStep, titleOf } from '../../../shared/measures/values'
import type { Unit } from '../../../shared/records'

const unitsOf = (words: string): Unit[] => [...inspectNetwork(networkFromPreset(words)).units]
const setsOf = (words: string) => unitSets(unitsOf(words))
/** Norms at the boundaries whose ratios are these. */
const normsOf = (ratios: readonly number[]): Float32Array => {
  const norms = [1]
  for (const ratio of [...ratios].reverse()) norms.unshift(norms[0]! * ratio)
  return Float32Array.from(norms)
}

describe('the table of measures', () => {
  it('knows each by one name, one column, one title, and by no other’s', () => {
    const names = measures.flatMap(({ name, also = [] }) => [name, ...also])
    expect(new Set(names).size).toBe(names.length)
    expect(new Set(measures.map((measure) => titleOf(measure))).size).toBe(measures.length)
    const columns = stepMeasures.map(({ step }) => step.column)
    expect(new Set(columns).size).toBe(columns.length)
    for (const column of columns) expect(column).toMatch(/^[a-z_]+$/)
    expect(findMeasure('chain')).toBe(measureOf('chainRatio'))
    expect(findMeasure('constructor')).toBeUndefined()
  })

  it('has a chart for every line that is drawn with another', () => {
    for (const { chart } of measures)
      if (chart && 'with' in chart) expect(measures.find(({ name }) => name === chart.with)?.chart).toHaveProperty('title')
  })

  it('names the split of the tests in a title where it has another name, and each where runs were tested on several', () => {
    const title = (name: 'testLoss' | 'bestTestError' | 'trainLoss', ...splits: string[]): string =>
      titleOf(measureOf(name), splits)
    expect(title('testLoss')).toBe('test loss')
    expect(title('testLoss', 'test')).toBe('test loss')
    expect(title('bestTestError', 'validation')).toBe('best test error (on validation)')
    expect(title('testLoss', 'test', 'validation')).toBe('test loss (on test, validation)')
    expect(title('trainLoss', 'validation')).toBe('train loss')
    const run = (testSplit?: string) => ({ settings: testSplit === undefined ? {} : { 'data.testSplit': testSplit } })
    expect(testedOn([run('validation'), run(), run('test'), run('validation')])).toEqual(['validation', 'test'])
  })

  it('is what a kept layout’s older names are read by', () => {
    expect(ComparisonLayout.parse({ runs: [1], curves: ['loss', 'chain'] }).curves).toEqual(['loss', 'chainRatio'])
    expect(() => ComparisonLayout.parse({ runs: [1], curves: ['nothing'] })).toThrow()
  })
})

describe('the sets of units', () => {
  it('are the residual blocks, and all that is measured, of each network', () => {
    expect(setsOf('proc-resnet:blocks=2,planes=4/8/16')).toEqual({
      blocks: { count: 6, holds: ['block'] },
      all: { count: 9, holds: ['block', 'transition', 'stem'] },
    })
    expect(setsOf('plain:blocks=2,widths=4/8').blocks).toEqual({ count: 4, holds: ['block', 'reshaping block'] })
    expect(setsOf('plain:blocks=2,widths=4/8').all).toEqual(setsOf('plain:blocks=2,widths=4/8').blocks)
    expect(setsOf('resnet:blocks=2,widths=4/8').all).toEqual(setsOf('plain:blocks=2,widths=4/8').all)
  })

  it('know the last block for one that changes the shape, by what leaves it', () => {
    expect(setsOf('resnet:blocks=1,widths=16/32').blocks).toEqual({ count: 2, holds: ['block', 'reshaping block'] })
    expect(areAlike(setsOf('resnet:blocks=1,widths=16/32').blocks, setsOf('resnet:blocks=2,widths=16/32').blocks)).toBe(true)
    expect(areAlike(setsOf('resnet:blocks=1,widths=16/32').blocks, setsOf('resnet:blocks=2,widths=16').blocks)).toBe(false)
  })

  it('keep apart what stem and transitions do from what the blocks do', () => {
    const units = unitsOf('proc-resnet:blocks=1,planes=4/8/16')
    expect(units.map(({ kind }) => kind)).toEqual(['stem', 'block', 'transition', 'block', 'transition', 'block'])
    const { deviation, deviationAll, coveringC, coveringCAll } = measureNorms(normsOf([3, 1.25, 2, 0.5, 4, 1]), units)
    expect(deviation).toBeCloseTo(0.25)
    expect(deviationAll).toBeCloseTo((2 + 0.25 + 1 + 0.5 + 3 + 0) / 6)
    expect(coveringC).toBeCloseTo((0.5 * 3) / Math.log(6))
    expect(coveringCAll).toBeCloseTo((3 * 6) / Math.log(12))
  })

  it('have no number of the blocks where there is none, rather than that of other units', () => {
    const units = unitsOf('proc-resnet:blocks=1,planes=4/8/16').filter(({ kind }) => kind !== 'block')
    const { deviation, coveringC, deviationAll } = measureNorms(normsOf([2, 2, 2]), units)
    expect([deviation, coveringC]).toEqual([NaN, NaN])
    expect(deviationAll).toBe(1)
  })
})

describe('the best of some runs', () => {
  const judged = (words: string, ...values: (number | null)[]) => values.map((value) => ({ value, sets: setsOf(words) }))
  const proc = 'proc-resnet:blocks=2,planes=4/8/16'

  it('is told within one set of units: a run may be better over blocks and worse over all units', () => {
    expect([...bestOf(measureOf('deviation'), judged(proc, 0.196, 0.235))]).toEqual([0])
    expect([...bestOf(measureOf('deviationAll'), judged(proc, 0.466, 0.246))]).toEqual([1])
  })

  it('is not told across sets that hold unlike units', () => {
    const mixed = [...judged(proc, 0.1), ...judged('plain:blocks=2,widths=4/8', 0.2)]
    for (const name of ['deviation', 'deviationAll', 'coveringC', 'coveringCAll', 'chainRatio'] as const) {
      expect(areUnlike(measureOf(name), mixed)).toBe(true)
      expect(bestOf(measureOf(name), mixed).size).toBe(0)
    }
    expect([...bestOf(measureOf('testAccuracy'), mixed)]).toEqual([1])
    const deeper = [...judged(proc, 0.2), ...judged('proc-resnet:blocks=3,planes=4/8/16', 0.1)]
    expect([...bestOf(measureOf('deviation'), deeper)]).toEqual([1])
  })

  it('is nearest to 1 by its logarithm for the chain ratio', () => {
    expect([...bestOf(measureOf('chainRatio'), judged(proc, 0.1, 5))]).toEqual([1])
    expect([...bestOf(measureOf('chainRatio'), judged(proc, 1e-30, 1e29, 0))]).toEqual([1])
    fc.assert(
      fc.property(fc.double({ min: 1e-30, max: 1e30, noNaN: true }), (ratio) => {
        const measure = measureOf('chainRatio')
        expect(badness(measure, ratio)).toBeCloseTo(badness(measure, 1 / ratio)!, 9)
      }),
    )
  })

  it('is none of values that are not numbers, and none of one', () => {
    expect(bestOf(measureOf('trainLoss'), judged(proc, NaN, null, 2)).size).toBe(0)
    expect([...bestOf(measureOf('trainLoss'), judged(proc, NaN, 3, 2, 2))]).toEqual([2, 3])
  })
})

describe('a step’s measures', () => {
  const units = unitsOf('plain:blocks=1,widths=4/8')
  const step = (norms: number[]) => ({
    step: 1,
    epoch: 1,
    loss: 2,
    accuracy: 0.5,
    rate: 0.1,
    ms: 3,
    norms: Float32Array.from(norms),
  })

  it('hold a chain ratio beyond single precision', () => {
    expect(measureStep(step([1e-44, 1, 1e38]), units).chainRatio / (Math.fround(1e-44) / Math.fround(1e38))).toBeCloseTo(1, 12)
    expect(measureStep(step([1e38, 1, 1e-44]), units).chainRatio).toBeGreaterThan(1e80)
  })

  it('are missing where it was not measured, and its own numbers are not', () => {
    const values = measureStep(step([]), units)
    for (const { name, over } of stepMeasures) if (over !== 'run') expect(values[name]).toBeNaN()
    expect([values.loss, values.accuracy, values.rate, values.ms]).toEqual([2, 0.5, 0.1, 3])
  })

  it('count the ratios that are not finite, and claim no bound that covers them', () => {
    const { ratiosNotFinite, coveringC, deviation, smallestRatio, largestRatio } = measureStep(step([1, 2, 0]), units)
    expect([ratiosNotFinite, coveringC, deviation]).toEqual([1, NaN, NaN])
    expect([smallestRatio, largestRatio]).toEqual([0.5, 0.5])
  })
})
