import { describe, expect, it } from 'vitest'
import { ratioAxis } from '../../../renderer/charts/ratio-scale'
import { extremeWords } from '../../../renderer/runs/theory/extreme-words'
import { barOf, type Bar, ratiosBetween, reachedBy, repairGroups } from '../../../renderer/runs/theory/theory-bars'
import { barLegend, repairOption, theoryOption } from '../../../renderer/runs/theory/theory-option'
import { theoryTable } from '../../../renderer/runs/theory/theory-tables'
import type { JacobianPiece, JacobianSpectrum, TheoryAnswer } from '../../../shared/api'
import { inspectNetwork, networkFromPreset } from '../../../shared/architecture'
import { chartTokens } from './chart-tokens'

const { units } = inspectNetwork(networkFromPreset('proc-resnet:blocks=2,planes=2/4'))

function spectrum(smallest: number, largest: number, smallestError = 1e-4): JacobianSpectrum {
  return {
    ...{ rows: 8, columns: 8, method: 'lanczos', iterations: 40, singularValues: null, isConverged: true, density: null },
    largest: { value: largest, error: 0.01 },
    smallest: { value: smallest, error: smallestError },
    frobenius: { value: 1, error: 0 },
  }
}
const pieces: JacobianPiece[] = units.map(({ name, kind }, i) => ({
  ...{ name, from: name, to: name, kind, hasIdentity: true },
  spectrum: i === 1 ? spectrum(0.2, 2, 0.2) : spectrum(0.5, 1.5),
  branch: kind === 'block' ? spectrum(0, 0.6) : null,
  repaired: kind === 'block' ? null : spectrum(0.9, 1.1),
  pooled: kind === 'transition' ? spectrum(0, Math.SQRT2, 1e-6) : null,
}))
const found: TheoryAnswer = {
  ...{
    network: 'net',
    weights: 'w',
    mode: 'inference',
    images: 1,
    pieces,
    alignment: [],
    partial: null,
    graphs: 1,
    seconds: 1,
    peakMb: 1,
  },
  whitened: [{ layer: 'head.dense', before: [3, 0.2], after: [1, 1] }],
  ...{ blocks: 4, c: 1, delta: 0.5, isCovering: true, step: 10, epoch: 1 },
  measured: { step: 11, ratios: Float32Array.from(units, (_, i) => (i === 2 ? 1.7 : 1)) },
  ratios: units.map(() => ({ mean: 1, least: 0.9, greatest: 1.1 })),
}
const bars = pieces.map((piece) => barOf(piece.spectrum))
const drawn = { axis: ratioAxis(10), range: 10, reach: { from: -1, to: 1 }, tokens: chartTokens, width: 800 }

describe('theory against measurement on the page', () => {
  it('tells a smallest value that was not reached from one that was', () => {
    expect(bars.map(({ isOpen }) => isOpen)).toEqual(units.map((_, i) => i === 1))
    expect(extremeWords(bars[1]!)).toBe('0…0.2 to 2 ± 0.01')
    expect(extremeWords(bars[0]!)).toBe('0.5 to 1.5 ± 0.01')
    expect(extremeWords({ low: 1e-9, high: 1, lowError: 0, highError: 0, isOpen: true })).toBe('0 to 1')
    expect(barLegend(bars, []).map(({ text }) => text)).toContain('σₙ somewhere below')
    expect(barLegend([bars[0]!], []).map(({ text }) => text)).not.toContain('σₙ somewhere below')
  })

  it('counts the ratios that lie between their unit’s extremes', () => {
    expect(ratiosBetween(bars, found.measured!.ratios)).toEqual({ between: units.length - 1, of: units.length })
    expect(
      ratiosBetween(
        bars,
        units.map(() => NaN),
      ),
    ).toEqual({ between: 0, of: 0 })
    // Below what was not reached anything may lie.
    expect(ratiosBetween([bars[1]!], [0.01])).toEqual({ between: 1, of: 1 })
  })

  it('lays stem, transitions and dense layers beside what repairs make of them', () => {
    expect(repairGroups(found).map(({ name, bars: own }) => [name, own.map(({ what }) => what)])).toEqual([
      ['stem', ['as', 'projected']],
      ['transition1', ['as', 'projected', 'pooled']],
      ['head.dense', ['as', 'whitened']],
    ])
  })

  it('lets its axis follow what can be told from 0', () => {
    expect(reachedBy([bars[0]!, bars[1]!])).toEqual([1.5, 0.5, 2])
  })

  it('draws a bar a unit in view, cut at the axis’s ends', () => {
    const many: Bar[] = [
      ...bars.slice(0, 2),
      { low: 1e-9, high: 1000, lowError: 0, highError: 0, isOpen: false },
      ...bars.slice(3),
    ]
    const { series } = theoryOption({
      ...{ ...drawn, units, bars: many, ratios: found.measured!.ratios, delta: 0.5, colours: 10 },
      view: { from: 1, to: 2 },
    }) as { series: { id: string; data: number[][] }[] }
    const { data } = series.find(({ id }) => id === 'bars')!
    expect(data.map(([x]) => x)).toEqual([2, 3])
    expect(data[1]!.slice(1, 3)).toEqual([-1, 1])
    expect(data.flat().every(Number.isFinite)).toBe(true)
    const repairs = repairOption({ ...drawn, groups: repairGroups(found) }) as { series: { id: string; data: number[][] }[] }
    expect(repairs.series.find(({ id }) => id === 'bars')!.data).toHaveLength(7)
  })

  it('has all of it in its table, a row a unit and a row a dense layer, every row as long as the heading', () => {
    const { columns, rows } = theoryTable(found, 1)
    expect(rows).toHaveLength(units.length + 1)
    for (const row of rows) expect(row).toHaveLength(columns.length)
    const cell = (row: number, name: string): unknown => rows[row]![columns.findIndex((column) => column.name === name)]
    expect(cell(2, 'ratio, step 11')).toBe(1.7)
    expect(cell(rows.length - 1, 'whitened σ₁')).toBe(1)
    expect(cell(0, '1 + δ')).toBeUndefined()
    expect(cell(1, '1 + δ')).toBeCloseTo(1 + Math.log(8) / 4)
  })
})
