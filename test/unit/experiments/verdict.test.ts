import { describe, expect, it } from 'vitest'
import { cellsOf } from '../../../shared/experiments/expand'
import { ExperimentDefinition } from '../../../shared/experiments/experiment'
import { readyExperiments } from '../../../shared/experiments/ready'
import { isLaw } from '../../../shared/experiments/expectation'
import type { JudgedCell } from '../../../shared/experiments/judged-cell'
import { type ComparedJudgement, verdictOf } from '../../../shared/experiments/verdict'
import { judgedByWords, linesOf, testsOf } from '../../../shared/experiments/verdict-words'

const alike = { blocks: { count: 3, holds: ['block'] }, all: { count: 3, holds: ['block'] } }
const unlike = {
  blocks: { count: 3, holds: ['block', 'reshaping block'] },
  all: { count: 3, holds: ['block', 'reshaping block'] },
}

function definition(measure: string, seeds: number, acrossSets = false) {
  return ExperimentDefinition.parse({
    ...{ name: 'n', claim: 'b is better', base: { network: 'plain:blocks=1' } },
    axes: [
      { name: 'net', variants: ['a', 'b'].map((label) => ({ label, set: {} })) },
      { name: 'rate', variants: ['1', '2'].map((label) => ({ label, set: {} })) },
    ],
    seeds: Array.from({ length: seeds }, (_, i) => i + 1),
    expects: [{ words: 'b is better than a', measure, axis: 'net', better: 'b', than: 'a', acrossSets }],
  })
}
/** Cells with these values, a combination after another, seeds running fastest: a 1, a 2, b 1, b 2. */
function cells(measure: string, values: readonly (number | null | string)[], seeds: number, sets: unknown[] = []): JudgedCell[] {
  return cellsOf(definition(measure, seeds)).map(({ cell }, i) => ({
    ...cell,
    run:
      values[i] === null
        ? null
        : ({
            id: i + 1,
            state: typeof values[i] === 'string' ? values[i] : 'done',
            measures: { [measure]: values[i] },
            sets: sets[Math.floor(i / 2 / seeds)] ?? alike,
          } as unknown as JudgedCell['run']),
  }))
}
const judged = (
  measure: string,
  values: readonly (number | null | string)[],
  seeds = 2,
  sets: unknown[] = [],
  acrossSets = false,
) => {
  const { judgements, ...told } = verdictOf(definition(measure, seeds, acrossSets), cells(measure, values, seeds, sets))!
  return { ...told, judgements: judgements as readonly ComparedJudgement[] }
}

describe('a verdict', () => {
  it('is “supported” where the paired test tells the two apart, at each of the other axes’ variants', () => {
    const verdict = judged('deviation', [0.5, 0.52, 0.4, 0.42, 0.1, 0.121, 0.2, 0.221])
    expect(verdict.finding).toBe('supported')
    const [first] = verdict.judgements[0]!.comparisons
    expect(first).toMatchObject({ at: ['1'], better: { mean: 0.1105, count: 2 }, than: { mean: 0.51, count: 2 }, missing: [] })
    expect(first!.paired!.difference).toBeCloseTo(-0.3995)
    // Holm: of two equal p the less is doubled.
    expect(first!.corrected).toBeCloseTo(2 * first!.paired!.p!)
    expect(first!.better!.deviation).toBeCloseTo(0.02 / Math.SQRT2)
  })

  it('is “undecided” where a difference lies within the spread, and “not supported” where one speaks against it', () => {
    expect(judged('deviation', [0.5, 0.52, 0.4, 0.6, 0.1, 0.12, 0.3, 0.5]).finding).toBe('undecided')
    expect(judged('deviation', [0.5, 0.52, 0.2, 0.22, 0.1, 0.121, 0.4, 0.421]).finding).toBe('not supported')
  })

  it('is “undecided” where all seeds differ by one number, and where correction for all comparisons leaves too little', () => {
    expect(judged('deviation', [0.5, 0.52, 0.4, 0.42, 0.1, 0.12, 0.2, 0.22]).finding).toBe('undecided')
    const [first] = judged('deviation', [0.5, 0.54, 0.4, 0.5, 0.1, 0.1, 0.2, 0.2]).judgements[0]!.comparisons
    expect(first).toMatchObject({ finding: 'undecided' })
    expect(first!.paired!.p).toBeLessThan(0.05)
    expect(first!.corrected).toBeGreaterThan(0.05)
  })

  it('corrects for comparisons that are still open too: the first one that is done refutes no claim that all of them would not', () => {
    const done = [0.1, 0.2, 0.3, 0.4, 0.41, 0.38, 0.4, 0.42, 0.12, 0.29, 0.37, 0.53]
    const early = judged('deviation', [...done, null, null, null, null], 4)
    const [first, open] = early.judgements[0]!.comparisons
    expect([first!.paired!.p! < 0.05, open!.corrected]).toEqual([true, null])
    expect(first!.corrected).toBeCloseTo(2 * first!.paired!.p!)
    expect([early.finding, testsOf(early)]).toEqual(['undecided', 2])
    const whole = judged('deviation', [...done, 0.4, 0.39, 0.41, 0.4], 4).judgements[0]!.comparisons[0]!
    expect(first!.corrected).toBe(whole.corrected)
  })

  it('tells difference, effect size, tests and how many seeds would tell it', () => {
    const verdict = judged('deviation', [0.5, 0.54, 0.4, 0.5, 0.1, 0.1, 0.2, 0.2])
    const show = { repeats: () => 'm', difference: (_: unknown, by: number) => by.toFixed(2), number: String }
    const [first] = linesOf(verdict.judgements[0]!, show, testsOf(verdict))
    expect(first!.reason).toBe(
      'difference -0.42 (95 % -0.67 to -0.17); d_z −15; paired t p = 0.03, of 2 comparisons p = 0.061; sign flips p = 0.5, the least of 2 seeds; not told apart; two seeds cannot say how many would',
    )
  })

  it('knows which way a measure is better: an accuracy the higher, a chain ratio the nearer to 1 on a logarithmic scale', () => {
    expect(judged('testAccuracy', [0.5, 0.51, 0.5, 0.51, 0.9, 0.911, 0.9, 0.911]).finding).toBe('supported')
    const chain = judged('chainRatio', [0.01, 0.0101, 0.01, 0.0101, 20, 20.1, 20, 20.1])
    expect(chain.finding).toBe('supported')
    expect(chain.judgements[0]!.judgedBy).toBe('|ln chain ratio|')
    expect(chain.judgements[0]!.comparisons[0]!.than!.mean).toBeCloseTo(-Math.log(Math.sqrt(0.01 * 0.0101)))
  })

  it.each<[string, (number | null | string)[], string]>([
    ['no run', [0.5, 0.52, 0.5, 0.52, 0.1, 0.121, 0.1, null], 'b, seed 2: no run yet'],
    ['a run that goes on', [0.5, 0.52, 0.5, 0.52, 0.1, 0.121, 0.1, 'running'], '#8 (b): running'],
    ['a run that failed', [0.5, 0.52, 0.5, 0.52, 0.1, 0.121, 0.1, 'failed'], '#8 (b): failed'],
    ['a value that is no number', [0.5, 0.52, 0.5, 0.52, 0.1, 0.121, 0.1, NaN], '#8 (b): no finite value'],
  ])('is left open by %s, and says so', (_, values, missing) => {
    const verdict = judged('deviation', values)
    expect(verdict.finding).toBe('undecided')
    expect(verdict.judgements[0]!.comparisons.map((one) => one.finding)).toEqual(['supported', 'undecided'])
    expect(verdict.judgements[0]!.comparisons[1]!.missing).toEqual([missing])
  })

  it('of one seed is open, with its numbers', () => {
    const [first] = judged('deviation', [0.5, 0.5, 0.1, 0.1], 1).judgements[0]!.comparisons
    expect(first).toMatchObject({ finding: 'undecided', better: { mean: 0.1, deviation: null, count: 1 } })
    expect(first!.missing).toContain('b: one seed decides nothing, two or more are needed')
  })

  it('says which runs have ratios that are not finite, which its mean leaves out, and nothing of the kind of other measures', () => {
    const told = (measure: string): string => {
      const all = cells(measure, [0.5, 0.52, 0.4, 0.42, 0.1, 0.121, 0.2, 0.221], 2)
      const doubted = all.map((cell, i) => ({
        ...cell,
        run: { ...cell.run!, measures: { ...cell.run!.measures, ratiosNotFinite: i === 1 || i === 4 ? 7 : 0 } },
      }))
      return judgedByWords(verdictOf(definition(measure, 2), doubted)!.judgements[0]!)
    }
    expect(told('deviation')).toMatch(/\(without ratios that are not finite, of #2, #5\)$/)
    expect(told('testLoss')).not.toContain('finite')
  })

  it('holds no unlike sets of units against each other, unless the claim is about them; then it says what they hold', () => {
    const values = [0.5, 0.52, 0.5, 0.52, 0.1, 0.121, 0.1, 0.121]
    expect(judged('deviation', values, 2, [unlike, alike])).toMatchObject({ finding: 'undecided' })
    const across = judged('deviation', values, 2, [unlike, alike], true)
    expect(across.finding).toBe('supported')
    expect(across.judgements[0]!.sets).toBe('over 3 units: blocks against 3 units: blocks, blocks that change the shape')
  })

  it('is none without an expectation, and open where a variant is no longer there', () => {
    const known = definition('deviation', 1)
    expect(verdictOf({ ...known, expects: [] }, [])).toBeNull()
    const verdict = verdictOf(known, [])!
    expect(verdict.finding).toBe('undecided')
    expect((verdict.judgements[0] as ComparedJudgement).comparisons[0]!.missing[0]).toContain('are no variants')
  })

  it('cannot be asked for by a measure that judges nothing, or by none', () => {
    expect(() => definition('parameters', 1)).toThrow('by which one is better')
    expect(() => definition('constructor', 1)).toThrow('by which one is better')
  })
})

it.each(readyExperiments.flatMap(({ name, sizes }) => sizes.map((size) => [name, size.name, size.definition] as const)))(
  'the ready experiment %s, %s, expects something of variants that it has',
  (_, __, ready) => {
    const parsed = ExperimentDefinition.parse(ready)
    expect(parsed.expects.length).toBeGreaterThan(0)
    for (const one of parsed.expects) {
      const labels = parsed.axes.find(({ name }) => name === one.axis)?.variants.map(({ label }) => label)
      const named = isLaw(one) ? [one.of] : [one.better, one.than]
      expect(labels).toEqual(expect.arrayContaining(named))
      expect(new Set(named).size).toBe(named.length)
    }
  },
)
