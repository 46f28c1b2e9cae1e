import { describe, expect, it } from 'vitest'
import { identitiesOf } from '../../../shared/experiments/identities'
import type { JudgedCell } from '../../../shared/experiments/judged-cell'
import { measureOf } from '../../../shared/measures'
import type { RunFacts } from '../../../shared/measures/measure'
import { branchShares, identityWords, nearIdentity } from '../../../shared/norms/identity'
import { writeSignal } from '../../../shared/norms/signal'

/** Units: a stem without a branch, one that does nothing, one that works, and one that does little but turns the gradient. */
const signal = {
  meanSquares: Float32Array.of(9, 9, 9, 9, 9),
  variances: Float32Array.of(1, 4, 4, 1, 1),
  branchVariances: Float32Array.of(NaN, 0.04, 1, 0.01),
}
const ratios = Float32Array.of(1, 1.01, 1.02, 1.3)

describe('blocks near the identity', () => {
  it('have a ratio near 1 and a branch that adds little; one of the two is not enough', () => {
    const shares = branchShares(signal)
    expect(shares[0]).toBeNaN()
    expect(shares[1]).toBeCloseTo(0.01 / 1.01, 6)
    expect(shares[2]).toBeCloseTo(0.2, 6)
    expect(nearIdentity(ratios, shares)).toEqual([1])
    expect(nearIdentity(Float32Array.of(1, NaN, 1, 1), shares)).toEqual([3])
  })

  it('are told in a sentence with the bounds, and not where there is none', () => {
    expect(identityWords(ratios, signal)).toBe(
      '1 of 3 blocks with a branch is near the identity (ratio within 5 % of 1, branch less than 5 % of the variance): its ratio is near 1 because it does little, not because it keeps the gradient’s norm in what it does.',
    )
    expect(identityWords(Float32Array.of(1, 1, 1, 1), signal)).toMatch(
      /^2 of 3 blocks with a branch are .*because they do little/,
    )
    expect(identityWords(Float32Array.of(1, 1.2, 1, 1.3), signal)).toBeNull()
  })

  it('are measured of a run at its last look, and not of one that never looked', () => {
    const record = { step: 21, epoch: 1, loss: 1, accuracy: 1, rate: 1, ms: 1, norms: Float32Array.of(1, 1) }
    const facts = (looked: object): RunFacts => {
      const step = { record: { ...record, ...looked }, ratios: { all: ratios, blocks: ratios.slice(1) } }
      return { lastLooked: step, lastLookedMeasured: step, sets: { all: { count: 4 } } } as unknown as RunFacts
    }
    const of = (name: 'branchShare' | 'identityBlocks', looked: object) => measureOf(name).run!.of(facts(looked))
    expect(of('identityBlocks', { signal: writeSignal(signal) })).toBeCloseTo(1 / 3, 6)
    // A quarter of three is one: the last.
    expect(of('branchShare', { signal: writeSignal(signal) })).toBeCloseTo(0.01 / 1.01, 6)
    for (const name of ['identityBlocks', 'branchShare'] as const) expect(of(name, {})).toBeNull()
  })

  it('are listed by combination of an experiment, of runs that are done', () => {
    const cell = (label: string, seed: number, state: string, identityBlocks: number | null): JudgedCell =>
      ({ labels: [label], seed, run: { id: seed, state, sets: {}, measures: { identityBlocks } } }) as unknown as JudgedCell
    const found = identitiesOf([
      ...[cell('pre', 1, 'done', 0.5), cell('pre', 2, 'done', 0.7), cell('pre', 3, 'failed', 1)],
      ...[cell('post', 4, 'done', 0), cell('other', 5, 'done', null)],
    ])
    expect(found.map(({ labels }) => labels)).toEqual([['pre']])
    expect(found[0]!.share).toMatchObject({ mean: 0.6, count: 2 })
  })
})
