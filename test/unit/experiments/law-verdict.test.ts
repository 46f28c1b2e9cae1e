import { describe, expect, it } from 'vitest'
import type { DepthAnswer } from '../../../shared/api'
import { cellsOf } from '../../../shared/experiments/expand'
import { ExperimentDefinition } from '../../../shared/experiments/experiment'
import type { JudgedCell } from '../../../shared/experiments/judged-cell'
import { powerLaw } from '../../../shared/experiments/power-law'
import { verdictOf } from '../../../shared/experiments/verdict'
import { linesOf, verdictFields } from '../../../shared/experiments/verdict-words'

const definition = ExperimentDefinition.parse({
  ...{ name: 'n', claim: 'with 1/L', base: { network: 'residual-mlp:width=4' }, seeds: [1, 2] },
  axes: [
    { name: 'depth', variants: [4, 8, 16, 32].map((n) => ({ label: `${n}`, set: { 'network.blocks': n } })) },
    { name: 'skips', variants: ['with', 'without'].map((label) => ({ label, set: {} })) },
  ],
  expects: [
    { words: 'there with skips', law: 'depth-law', axis: 'skips', of: 'with', slope: -1, within: 0.25 },
    { words: 'elsewhere without', law: 'depth-law', axis: 'skips', of: 'without', slope: -1, within: 0.25, isThere: false },
  ],
})
const cells: JudgedCell[] = cellsOf(definition).map(({ cell }, i) => ({
  ...cell,
  run: { id: i + 1, state: 'done', measures: {} } as JudgedCell['run'],
}))
/** σ₁ of every run by its depth and whether it has skips; the second seed lies a little higher. */
function depths(sigma: (blocks: number, hasSkips: boolean) => number): DepthAnswer['runs'] {
  return cells.map(({ labels, seed, run }) => {
    const [blocks, hasSkips] = [Number(labels[0]), labels[1] === 'with']
    const mean = sigma(blocks, hasSkips) * (seed === 2 ? 1.05 : 1)
    return { run: run!.id, network: 'net', blocks, hasSkips, mean, least: mean, greatest: mean }
  })
}
const found = (figures: DepthAnswer['runs'] | undefined, of = cells) => {
  const verdict = verdictOf(definition, of, { depths: figures && { runs: figures, failed: [] } })!
  const show = { repeats: () => '', difference: () => '', number: (value: number) => value.toFixed(2) }
  const lines = verdict.judgements.flatMap((one) => linesOf(one, show, 0))
  return { finding: verdict.finding, findings: verdict.judgements.map(({ finding }) => finding), lines, verdict }
}

describe('the verdict on a law of the depth', () => {
  it('is “supported” where the slope’s interval lies where it is expected, and the other’s elsewhere', () => {
    const { finding, findings, lines, verdict } = found(depths((blocks, hasSkips) => (hasSkips ? 3 / blocks : 2)))
    expect([finding, findings]).toEqual(['supported', ['supported', 'supported']])
    expect(lines[0]!.numbers).toMatch(/^with: −1\.00 ± 0\.03 \(95 %\) of 8 runs at 4 depths$/)
    expect(lines.map(({ reason }) => reason)).toEqual([
      'its interval lies within −1.25 to −0.75',
      'its interval lies outside of −1.25 to −0.75',
    ])
    const { expectations } = verdictFields(verdict) as { expectations: { found: { slope: number; points: number } }[] }
    expect(expectations[0]!.found).toMatchObject({ points: 8 })
    expect(expectations[0]!.found.slope).toBeCloseTo(-1, 10)
  })

  it('is “not supported” where it lies elsewhere: a law of the root of the depth is another law', () => {
    const { finding, findings } = found(depths((blocks, hasSkips) => (hasSkips ? 3 / Math.sqrt(blocks) : 2)))
    expect([finding, findings]).toEqual(['not supported', ['not supported', 'supported']])
  })

  it('does not take the same law without skips for support', () => {
    expect(found(depths((blocks) => 3 / blocks))).toMatchObject({
      finding: 'not supported',
      findings: ['supported', 'not supported'],
    })
  })

  it('is “undecided” where the points scatter so that the interval reaches both sides', () => {
    const { findings, lines } = found(depths((blocks) => (3 / blocks) * (blocks === 8 ? 3 : blocks === 16 ? 0.4 : 1)))
    expect(findings[0]).toBe('undecided')
    expect(lines[0]!.reason).toContain('reaches both sides')
  })

  it('is left open by what was not measured, by runs that are not done, and by too few depths, and says so', () => {
    expect(found(undefined).lines[0]!.reason).toContain('#1 (4 · with): σ₁ is not measured yet')
    const figures = depths((blocks) => 3 / blocks)
    const going = cells.map((cell, i) => (i === 0 ? { ...cell, run: { ...cell.run!, state: 'running' as const } } : cell))
    expect(found(figures, going)).toMatchObject({ findings: ['undecided', 'not supported'] })
    expect(found(figures, going).lines[0]!.reason).toBe('open: #1 (4 · with): running')
    const nought = figures.map((one) => (one.run === 1 ? { ...one, mean: 0 } : one))
    expect(found(nought).lines[0]!.reason).toBe('open: #1 (4 · with): no σ₁ above 0')
    const two = cells.filter(({ labels }) => Number(labels[0]) <= 8)
    expect(found(figures, two).lines[0]!.reason).toBe('open: 3 depths or more are needed')
  })

  it('is left open by a single seed, however well its points lie on the line', () => {
    const one = cells.filter(({ seed }) => seed === 1)
    const { finding, lines } = found(
      depths((blocks, hasSkips) => (hasSkips ? 3 / blocks : 2)),
      one,
    )
    expect(finding).toBe('undecided')
    expect(lines[0]!.reason).toBe('open: one seed decides nothing, two or more are needed')
  })
})

describe('a power law', () => {
  it('goes through points that lie on it, without error', () => {
    const law = powerLaw([2, 4, 8, 16].map((x) => ({ x, y: 5 * x ** -1.5 })))!
    expect(law.slope).toBeCloseTo(-1.5, 12)
    expect(law.error).toBeLessThan(1e-12)
    expect(law).toMatchObject({ points: 4, places: 4 })
  })

  it('has the standard error of least squares', () => {
    // log y − log x: 0, 1, 0 over log x = 0, 1, 2, by hand: slope 1, residuals −1/3, 2/3, −1/3, error √(2/3/2).
    const law = powerLaw([0, 1, 2].map((x, i) => ({ x: Math.exp(x), y: Math.exp(x + (i === 1 ? 1 : 0)) })))!
    expect(law.slope).toBeCloseTo(1, 12)
    expect(law.error).toBeCloseTo(Math.sqrt(1 / 3), 12)
    expect(law.interval).toBeCloseTo(law.error * 12.706, 3)
  })

  it('of two points has a slope and no error, and of one place none; what is no positive number is left out', () => {
    const two = powerLaw([1, 2].map((x) => ({ x, y: x })))!
    expect([two.slope, two.error, two.interval]).toEqual([1, NaN, NaN])
    expect(powerLaw([3, 3].map((x) => ({ x, y: x })))).toBeNull()
    expect(
      powerLaw([
        { x: 1, y: 1 },
        { x: 2, y: NaN },
        { x: 4, y: 0 },
      ]),
    ).toBeNull()
  })
})
