import { describe, expect, it } from 'vitest'
import { chartSvg } from '../../../renderer/charts/echarts'
import { curveOption } from '../../../renderer/charts/curve-option'
import { comparisonCurves, epochCurves } from '../../../renderer/compare/comparison-curves'
import type { ComparedRun } from '../../../renderer/compare/compared-run'
import { overSeeds } from '../../../renderer/compare/seed-curves'
import { parallelOption, scatterOption } from '../../../renderer/compare/relation-options'
import { measureOption } from '../../../renderer/experiments/measure-option'
import type { Summary } from '../../../renderer/run-list/run-state'
import { loss } from '../../../shared/measures/loss'
import { testLoss } from '../../../shared/measures/test-loss'
import { labelsOf } from '../../../shared/run-labels'
import { chartTokens as tokens } from './chart-tokens'

const none = new Float32Array(0)
const compared = (id: number, loss: number[]): ComparedRun => {
  const step = loss.map((_, i) => i + 1)
  return {
    run: { id, name: 'proc-resnet-31', units: [], settings: { seed: id }, progress: { stepsPerEpoch: 2 } },
    curves: { step, loss, ms: loss, at: loss },
    epochs: [{ lastStep: 2, testLoss: id, testAccuracy: id / 10, ratios: { mean: none, min: none, max: none } }],
  } as unknown as ComparedRun
}
const runs = [compared(1, [3, 2, 1]), compared(2, [4, 3, 2]), compared(3, [5, 4, 3])]
const labels = labelsOf(runs.map(({ run }) => run))
const drawn = (svg: string, colour: string): number => svg.split(`stroke="${colour}"`).length - 1

describe('runs of one name', () => {
  it.each(['loss', 'testLoss'] as const)('have a curve each of %s, in their own colours', (what) => {
    const curves =
      what === 'loss' ? comparisonCurves(runs, loss, 'step', null, labels) : epochCurves(runs, testLoss, 'step', labels)
    expect(curves.map(({ name }) => name)).toEqual([
      '#1 proc-resnet-31 · seed 1',
      '#2 proc-resnet-31 · seed 2',
      '#3 proc-resnet-31 · seed 3',
    ])
    for (const smoothing of [0, 0.6]) {
      const { option } = curveOption({
        ...{
          curves,
          scale: 'linear',
          view: { from: 0, to: 4 },
          smoothing,
          outliersOff: false,
          xKind: 'whole',
          tokens,
          width: 400,
        },
      })
      const svg = chartSvg(option, { width: 400, height: 200 })
      for (const colour of tokens.series.slice(0, 3)) expect(drawn(svg, colour)).toBeGreaterThan(0)
      expect(drawn(svg, tokens.series[3]!)).toBe(0)
    }
  })

  it('have a dot each and a line each, with braces and brackets in their names as they are', () => {
    const summaries = [1, 2].map((id) => ({
      ...{ id, name: '{a} <b>{b}</b>', blocks: id, settings: { seed: id }, last: {}, progress: {} },
      measures: { deviation: id / 10, blocks: id },
    })) as unknown as Summary[]
    const names = labelsOf(summaries)
    const scatter = chartSvg(scatterOption(summaries, names, 'blocks', 'deviation', tokens, 600), { width: 600, height: 300 })
    expect(scatter).toContain('#1 {a} &lt;b')
    expect(scatter).toContain('#2 {a} &lt;b')
    const lines = chartSvg(parallelOption(summaries, names, ['seed', 'deviation'], null, tokens, 600), {
      width: 600,
      height: 300,
    })
    expect([drawn(lines, tokens.series[0]!), drawn(lines, tokens.series[1]!)]).toEqual([1, 1])
  })
})

it('runs of equal values are named at their one dot, a line each, and dots close by print no label over another', () => {
  const summaries = [0.2, 0.2, 0.5, 0.501, 0.9, 0.9, 0.9, 0.9].map((deviation, i) => ({
    ...{ id: i + 1, name: `run ${i + 1}`, settings: {}, last: {}, progress: {} },
    measures: { deviation, blocks: 3 },
  })) as unknown as Summary[]
  const names = labelsOf(summaries)
  const svg = chartSvg(scatterOption(summaries, names, 'blocks', 'deviation', tokens, 600), { width: 600, height: 300 })
  const texts = [...svg.matchAll(/<text([^>]*)>([^<]*)</g)].map(([, attributes, text]) => {
    const [, y = '0'] = / y="([-\d.]+)"/.exec(attributes!) ?? []
    const [, , down = '0'] = /translate\(([\d.]+) ([\d.]+)\)/.exec(attributes!) ?? []
    return { y: Number(y) + Number(down), text }
  })
  const found = texts.filter(({ text }) => /^#|^and/.test(text!))
  expect(found.map(({ text }) => text!.trim())).toEqual([
    '#1 run 1',
    '#2 run 2',
    '#3 run 3',
    '#5 run 5',
    '#6 run 6',
    'and 2 more',
  ])
  const heights = found.map(({ y }) => y).sort((a, b) => a - b)
  for (const [i, y] of heights.entries()) if (i > 0) expect(y - heights[i - 1]!).toBeGreaterThanOrEqual(12)
  // Within the plot, whose upper edge is at 12.
  expect(heights[0]).toBeGreaterThan(18)
})

it('combinations whose joined labels are alike are drawn apart', () => {
  const point = (place: string, mean: number) => ({
    ...{ place, mean, deviation: 0.1, count: 2, values: [mean], band: [mean - 0.1, mean + 0.1] as const },
  })
  const series = [
    { id: '["a · b","c"]', name: 'a · b · c', points: [point('x', 1), point('y', 2)] },
    { id: '["a","b · c"]', name: 'a · b · c', points: [point('x', 2), point('y', 3)] },
  ]
  const svg = chartSvg(measureOption({ places: ['x', 'y'], series, isLog: false, format: String, tokens, width: 400 }), {
    ...{ width: 400, height: 200 },
  })
  expect(drawn(svg, tokens.series[0]!)).toBeGreaterThan(0)
  expect(drawn(svg, tokens.series[1]!)).toBeGreaterThan(0)
})

describe('runs that differ in the seed alone, as one', () => {
  const [short, long] = [compared(1, [1, 1, 1]), compared(2, [3, 3, 3, 3, 3])]
  const groups = [{ label: '#1 proc-resnet-31', wholeLabel: '#1 proc-resnet-31', runs: [1, 2] }]
  const [mean] = overSeeds(comparisonCurves([short, long], loss, 'step', null, new Map()), groups, loss)

  it('are their mean with a band that has no width where one goes on alone, and n is told', () => {
    expect([...(mean!.y as Float64Array)]).toEqual([2, 2, 2, 3, 3])
    expect(mean!.name).toBe('#1 proc-resnet-31 · n = 2')
    expect(mean!.spans).toBe('n = 2 up to step 3, n = 1 beyond')
    expect([mean!.deviations[0], mean!.deviations[4]]).toEqual([Math.SQRT2, NaN])
    expect(mean!.band.high[4]).toBe(mean!.band.low[4])
    expect([mean!.told!(0), mean!.told!(4)]).toEqual([' ± 1.414, n = 2', ', n = 1'])
    const [interval] = overSeeds(comparisonCurves([short, long], loss, 'step', null, new Map()), groups, loss, 'bootstrap')
    expect([interval!.told!(0), interval!.told!(4)]).toEqual([' (95 %: 1.075 to 2.925), n = 2', ', n = 1'])
    const { option } = curveOption({
      ...{ curves: [mean!], scale: 'linear', view: { from: 0, to: 6 }, smoothing: 0, outliersOff: false, tokens, width: 400 },
      xKind: 'whole',
    })
    expect(chartSvg(option, { width: 400, height: 200 })).toContain(`fill="${tokens.series[0]!}"`)
  })

  it('stand on the axis where the run stands that goes farthest, over epochs and over time', () => {
    const [epochs] = overSeeds(comparisonCurves([short, long], loss, 'epoch', null, new Map()), groups, loss)
    expect([...(epochs!.x as Float64Array)]).toEqual([0.5, 1, 1.5, 2, 2.5])
    const [time] = overSeeds(comparisonCurves([short, long], loss, 'process', null, new Map()), groups, loss)
    expect([...(time!.x as Float64Array)].every((x, i, all) => i === 0 || x > all[i - 1]!)).toBe(true)
  })

  it('are one only within their group', () => {
    const three = [...groups, { label: '#3 plain', wholeLabel: '#3 plain', runs: [3] }]
    const curves = overSeeds(comparisonCurves([short, long, compared(3, [1, 2])], loss, 'step', null, new Map()), three, loss)
    expect(curves.map(({ id, name }) => [id, name])).toEqual([
      ['1', '#1 proc-resnet-31 · n = 2'],
      ['3', '#3 plain · n = 1'],
    ])
    expect(curves[1]!.told!(0)).toBe(', n = 1')
  })
})
