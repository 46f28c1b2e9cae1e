import { expect, it } from 'vitest'
import { axisFor } from '../../../renderer/charts/axis'
import { curveOption, zeroWords, type Curve } from '../../../renderer/charts/curve-option'
import { curveTable } from '../../../renderer/charts/curve-table'
import { column, whole } from '../../../renderer/charts/table-content'
import { axisName, saidOnce } from '../../../renderer/charts/use-chart-file'
import { labelOf } from '../../../renderer/compare/comparison-values'
import { findMeasure } from '../../../shared/measures'
import { describe as describeMeasure } from '../../../shared/measures/values'
import { chartTokens } from './chart-tokens'

const curve = (name: string, x: ArrayLike<number>, y: ArrayLike<number>, style: Curve['style'] = 'line'): Curve => ({
  ...{ id: name, name, colour: 0, style, x, y, format: String },
})

it('a table of curves holds the axis and the lines of its chart alone', () => {
  const share = curve('within', [1, 2, 3], Float32Array.of(0.5, NaN, 0.1))
  expect(curveTable([share], 'Blocks within the bound', whole('step'), { all: true })).toMatchObject({
    columns: [{ name: 'step' }, { name: 'Blocks within the bound' }],
    rows: [
      [1, 0.5],
      [3, 0.1],
    ],
  })
})

it('a table of curves puts the epochs\u2019 ends beside the steps, keeps steps of one moment apart and ends with the moment', () => {
  const x = [1, 2, 2, 3]
  const both = [curve('train', x, [4, 3, 2, 1]), curve('test', [2, 3], [9, 8], 'points')]
  const { columns, rows } = curveTable(both, 'Loss', column('time, s'), { all: true })
  expect(columns.map(({ name }) => name)).toEqual(['time, s', 'train', 'test'])
  expect(rows).toEqual([
    [1, 4, null],
    [2, 3, null],
    [2, 2, 9],
    [3, 1, 8],
  ])
  const upTo = curveTable(both, 'Loss', column('time, s'), { upTo: 2 })
  expect(upTo.rows[0]).toEqual([2, 2, 9])
  expect(upTo.note).toContain('3 of 4')
})

it('a chart with a logarithmic axis marks its zeros at the lower edge and counts them', () => {
  const input = {
    ...{ curves: [curve('chain', [1, 2, 3, 4], [1, 0, 10, 0])], view: { from: 0, to: 4 }, smoothing: 0, outliersOff: false },
    ...{ xKind: 'whole' as const, tokens: chartTokens, width: 400 },
  }
  const { option, zeros } = curveOption({ ...input, scale: 'log' })
  const { series, yAxis } = option as unknown as { series: { id: string; data: number[][] }[]; yAxis: { min: number } }
  expect(zeros).toBe(2)
  expect(series.find(({ id }) => id === 'chain zeros')?.data).toEqual([
    [2, yAxis.min],
    [4, yAxis.min],
  ])
  expect([zeroWords(0), zeroWords(1), zeroWords(2)].map((words) => words.slice(0, 12))).toEqual([
    '',
    '▾ 1 value is',
    '▾ 2 values a',
  ])
  expect(curveOption({ ...input, scale: 'linear' }).zeros).toBe(0)
})

it('names say nothing twice, and have their units', () => {
  expect(saidOnce('Mean |r − 1|, blocks', 'blocks, blocks')).toBe('')
  expect(saidOnce('Mean |r − 1|, blocks by network', 'blocks, last epoch')).toBe('last epoch')
  expect(axisName({ title: 'Loss', unit: 'nats', width: 1, height: 1 })).toBe('Loss, nats')
  const words = describeMeasure(findMeasure('deviation')!)
  expect(words.split('blocks').length, words).toBe(2)
  // A plain network's are none.
  expect(words).not.toContain('residual')
  expect(labelOf('stepMs')).toMatch(/, ms$/)
})

it('a chart’s axis is of what is in view, of a band too', () => {
  const x = Array.from({ length: 2000 }, (_, i) => i + 1)
  const y = x.map((at) => (at <= 100 ? 5 : 0.1))
  const band = { low: y.map((value) => 0.8 * value), high: y.map((value) => 1.2 * value) }
  const axisOf = (outliersOff: boolean): { min: number; max: number } => {
    const { option } = curveOption({
      ...{ curves: [{ ...curve('mean', x, y), band }], view: { from: 1500, to: 2000 }, smoothing: 0, outliersOff },
      ...{ scale: 'linear', xKind: 'whole' as const, tokens: chartTokens, width: 400 },
    })
    return (option as unknown as { yAxis: { min: number; max: number } }).yAxis
  }
  const { from, to } = axisFor('linear', 0.8 * 0.1, 1.2 * 0.1)
  for (const outliersOff of [false, true]) expect(axisOf(outliersOff)).toMatchObject({ min: from, max: to })
})
