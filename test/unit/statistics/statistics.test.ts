import fs from 'node:fs'
import { describe, expect, it } from 'vitest'
import { bootstrapInterval } from '../../../shared/statistics/bootstrap'
import { effectSize } from '../../../shared/statistics/effect-size'
import { holm } from '../../../shared/statistics/holm'
import { leastExactP, pairedTest } from '../../../shared/statistics/paired'
import { power, seedsNeeded } from '../../../shared/statistics/power'
import { noncentralT, studentP, studentT } from '../../../shared/statistics/student'

interface Golden {
  students: { freedom: number; p: number; t: number }[]
  noncentral: { t: number; freedom: number; delta: number; p: number }[]
  pairs: ({ a: number[]; b: number[]; effect: Record<'d' | 'g' | 'low' | 'high', number | null> } & Record<
    'n' | 'difference' | 'low' | 'high' | 't' | 'p' | 'signFlips' | 'wilcoxon',
    number
  >)[]
  holm: { p: number[]; corrected: number[] }[]
  power: { d: number; n: number; level: number; power: number }[]
  needed: { d: number; level: number; n: number }[]
  exactBootstrap: { values: number[]; interval: [number, number] }[]
  drawnBootstrap: { values: number[]; interval: [number, number] }[]
}
/** Made by SciPy and statsmodels: make_statistics.py beside it. */
const golden = JSON.parse(fs.readFileSync(new URL('../../golden/reference/statistics.json', import.meta.url), 'utf8')) as Golden

/** Within so many of its own sizes. */
const near = (found: number, wanted: number, tolerance = 1e-9): void =>
  expect(Math.abs(found - wanted) / Math.max(Math.abs(wanted), 1e-3)).toBeLessThan(tolerance)

describe('as SciPy has it', () => {
  it.each(golden.students)('Student’s t of $freedom degrees of freedom at $p', ({ freedom, p, t }) => {
    near(studentT(freedom, p), t)
    near(studentP(t, freedom), p)
  })
  it.each(golden.noncentral)('the noncentral t at $t, $freedom, $delta', ({ t, freedom, delta, p }) =>
    near(noncentralT(t, freedom, delta), p, 1e-8),
  )
  it.each(golden.pairs)('paired tests and effect sizes of $a against $b', ({ a, b, effect, ...wanted }) => {
    const found = pairedTest(a.map((value, i) => [value, b[i]!]))!
    for (const name of ['n', 'difference', 'low', 'high', 't', 'p', 'signFlips', 'wilcoxon'] as const)
      near(found[name]!, wanted[name], 1e-7)
    for (const name of ['d', 'g', 'low', 'high'] as const)
      if (effect[name] !== null) near(found.effect![name], effect[name], 1e-6)
  })
  it.each(golden.holm)('Holm’s correction of $p', ({ p, corrected }) => {
    const found = holm(p)
    corrected.forEach((wanted, i) => near(found[i]!, wanted))
    // One that is open corrects the others as one that says nothing.
    expect(holm([null, ...p])).toEqual([null, ...holm([1, ...p]).slice(1)])
  })
  it.each(golden.power)('the power of $n pairs for $d at $level', ({ d, n, level, power: wanted }) =>
    near(power(d, n, level), wanted, 1e-6),
  )
  it.each(golden.needed)('how many pairs $d needs at $level', ({ d, level, n }) => expect(seedsNeeded(d, level)).toBe(n))
  it.each(golden.exactBootstrap)('the bootstrap of $values, all resamples of it', ({ values, interval }) => {
    const found = bootstrapInterval(values)
    interval.forEach((wanted, i) => near(found[i]!, wanted))
  })
  it.each(golden.drawnBootstrap)('the bootstrap of many values, within what its draws scatter', ({ values, interval }) => {
    const found = bootstrapInterval(values)
    interval.forEach((wanted, i) => expect(found[i]!).toBeCloseTo(wanted, 1))
    expect(bootstrapInterval(values)).toEqual(found)
  })
})

describe('paired tests', () => {
  it('decide nothing of one pair, nor by t of differences without a spread', () => {
    expect(pairedTest([[1, 2]])).toBeNull()
    // 0.52 − 0.12 is 0.4 but for its rounding.
    expect(pairedTest([[0.5, 0.1], [0.52, 0.12]])).toMatchObject({ t: null, p: null, effect: null, signFlips: 0.5 }) // prettier-ignore
  })
  it('cannot come below 2/2ⁿ by signs', () => {
    const { signFlips, wilcoxon } = pairedTest([[9, 1], [8, 1.5], [9, 2]])! // prettier-ignore
    expect([signFlips, wilcoxon]).toEqual([leastExactP(3), leastExactP(3)])
  })
  it('draw signs where there are too many to go through, the same each time', () => {
    const pairs = Array.from({ length: 20 }, (_, i) => [Math.sin(i) + 0.2, Math.cos(i)] as const)
    expect(pairedTest(pairs)).toEqual(pairedTest(pairs))
  })
  it('have an interval of the effect size however large that is', () => {
    const { low, d, high } = effectSize(1000, 1, 3)
    expect(low).toBeGreaterThan(0)
    expect(high).toBeGreaterThan(d)
  })
})

it('no number of seeds shows what is not there', () => {
  expect(seedsNeeded(0)).toBeNull()
  expect(seedsNeeded(0.01)).toBeNull()
})
