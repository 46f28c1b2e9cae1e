import { describe, expect, it } from 'vitest'
import type { MovedAnswer } from '../../../shared/api'
import { cellsOf } from '../../../shared/experiments/expand'
import { figuresFor } from '../../../shared/experiments/expectation'
import { ExperimentDefinition } from '../../../shared/experiments/experiment'
import type { Figures, JudgedCell } from '../../../shared/experiments/judged-cell'
import type { LawJudgement } from '../../../shared/experiments/law-verdict'
import { verdictOf } from '../../../shared/experiments/verdict'
import { linesOf } from '../../../shared/experiments/verdict-words'
import { lawLegend } from '../../../renderer/experiments/law-option'

const DEPTHS = [4, 8, 16, 32]
const RATES = [0.001, 0.002, 0.004, 0.008, 0.016, 0.032]

/** Cells of an experiment on one law of the variants `with` and `without`, and what is found of them. */
function judged(
  law: string,
  slope: number,
  more: { name: string; variants: { label: string; set: object }[] }[],
  runOf: (cell: { blocks: number; hasSkips: boolean; rate: number; seed: number; id: number }) => object,
  figures: Figures = {},
): LawJudgement {
  const definition = ExperimentDefinition.parse({
    ...{ name: 'n', base: { network: 'residual-mlp:width=4' }, seeds: [1, 2] },
    axes: [
      { name: 'skips', variants: ['with', 'without'].map((label) => ({ label, set: {} })) },
      { name: 'depth', variants: DEPTHS.map((n) => ({ label: `${n}`, set: { 'network.blocks': n } })) },
      ...more,
    ],
    expects: [{ words: 'as said', law, axis: 'skips', of: 'with', slope, within: 0.25 }],
  })
  const cells = cellsOf(definition).map(({ cell }, i): JudgedCell => {
    const { labels, seed } = cell
    const [hasSkips, blocks, rate] = [labels[0] === 'with', Number(labels[1]), Number(labels[2])]
    const run = { id: i + 1, state: 'done', problem: null, measures: {}, ...runOf({ blocks, hasSkips, rate, seed, id: i + 1 }) }
    return { ...cell, run: run as unknown as JudgedCell['run'] }
  })
  return verdictOf(definition, cells, figures)!.judgements[0] as LawJudgement
}

const spread = (seed: number): number => (seed === 2 ? 1.02 : 1)

describe('the law of the mean deviation', () => {
  const of = (deviation: (blocks: number) => number | null) =>
    judged('deviation', 1, [], ({ blocks, seed }) => ({
      measures: { blocks, deviation: deviation(blocks) === null ? null : deviation(blocks)! * spread(seed) },
    }))

  it('is that of the theorem’s bound, log(2L)/L, whatever c', () => {
    const { finding, law, points } = of((blocks) => (0.7 * Math.log(2 * blocks)) / blocks)
    expect(finding).toBe('supported')
    expect(law!.slope).toBeCloseTo(1, 10)
    expect(points).toHaveLength(8)
    expect(points[0]).toMatchObject({ blocks: 4, runs: [1] })
  })

  it('counts 1 and 2 blocks as two depths, where log(2L)/L is the same, and wants three values of that', () => {
    const { law, missing } = judged('deviation', 1, [], ({ blocks, seed }) => {
      const n = blocks === 32 ? 4 : blocks / 4 > 2 ? 2 : blocks / 4
      return { measures: { blocks: n, deviation: (Math.log(2 * n) / n) * spread(seed) } }
    })
    expect(law!.places).toBe(3)
    expect(missing).toEqual(['3 values of log(2L)/L or more are needed'])
  })

  it('is not one that falls with the fourth root of the depth, and is open where a ratio was no number', () => {
    expect(of((blocks) => blocks ** -0.25).finding).toBe('not supported')
    const { finding, missing } = of((blocks) => (blocks === 8 ? null : 1 / blocks))
    expect([finding, missing]).toEqual([
      'undecided',
      ['#3 (with · 8): no finite mean |r − 1|', '#4 (with · 8): no finite mean |r − 1|'],
    ])
  })
})

describe('the law of the change of activations', () => {
  const moved = (change: (blocks: number) => number): MovedAnswer => ({
    failed: [],
    runs: [1, 2].flatMap((side) =>
      DEPTHS.flatMap((blocks, d) =>
        [1, 2].map((seed) => ({
          ...{ run: (side - 1) * 8 + 2 * d + seed, network: 'net', blocks, steps: 4 },
          ...{ stream: change(blocks) * spread(seed), logits: 1, streamBefore: 1, logitsBefore: 1 },
        })),
      ),
    ),
  })

  it('has power 0 where steps move nets of each depth alike, and is open until that is measured', () => {
    const none = () => ({})
    expect(judged('moved', 0, [], none, { moved: moved(() => 0.3) }).finding).toBe('supported')
    expect(judged('moved', 0, [], none, { moved: moved((blocks) => 0.1 * blocks) }).finding).toBe('not supported')
    const open = judged('moved', 0, [], none)
    expect(open.missing[0]).toBe('#1 (with · 4): the change is not measured yet')
    const show = { repeats: () => '', difference: () => '', number: String }
    expect(linesOf(open, show, 0)[0]!.reason).toMatch(/^open: #1 .*#4 \(with · 8\): the change is not measured yet; and 4 more$/)
  })

  it('is open where it could not be told of a run, and says why', () => {
    const { runs } = moved(() => 0.3)
    const found = { runs: runs.slice(1), failed: [{ run: 1, problem: 'its data set is gone' }] }
    const { finding, missing, points } = judged('moved', 0, [], () => ({}), { moved: found })
    expect([finding, missing, points.length]).toEqual(['undecided', ['#1 (with · 4): its data set is gone'], 7])
  })

  it('is what the lab is asked to measure, and other laws are not', () => {
    const law = (name: 'moved' | 'deviation') => ({
      ...{ words: 'w', law: name, axis: 'a', of: 'b', slope: 0, within: 1, isThere: true },
    })
    expect([...figuresFor([law('moved'), law('deviation')])]).toEqual(['moved'])
  })
})

describe('the legend of laws', () => {
  const one = (of: string, slope: number, isThere = true): LawJudgement => ({
    ...{ judgedBy: '', finding: 'undecided', points: [], law: null, missing: [] },
    expectation: { words: 'w', law: 'depth-law', axis: 'a', of, slope, within: 1, isThere },
  })
  const dashed = (...of: LawJudgement[]): string[] =>
    lawLegend(of).flatMap((item) => (item.shape === 'dashed' ? [item.text] : []))

  it('names each variant’s power where they are unlike', () => {
    expect(dashed(one('with', -1), one('without', 0.5, false))).toEqual(['power −1 of L'])
    expect(dashed(one('with', -1), one('without', -1))).toEqual(['power −1 of L'])
    expect(dashed(one('with', -1), one('without', 0.5))).toEqual(['with: power −1, without: power 0.5 of L'])
    expect(dashed(one('with', -1, false))).toEqual([])
  })
})

describe('the law of the best rate', () => {
  const axis = { name: 'rate', variants: RATES.map((rate) => ({ label: String(rate), set: { 'training.rate': rate } })) }
  /** Loss by the logarithm of the rate, a parabola whose least lies there; beyond eight times that rate the run diverges. */
  const of = (best: (blocks: number) => number) =>
    judged('best-rate', 0, [axis], ({ blocks, rate, seed }) =>
      rate > 8 * best(blocks)
        ? { state: 'failed', problem: { message: 'not finite', step: 3 }, measures: { trainLoss: null, blocks } }
        : { measures: { trainLoss: 1 + Math.log(rate / (best(blocks) * spread(seed))) ** 2, blocks } },
    )

  it('finds the vertex between the rates that were tried, one a depth and seed; a diverged rate was tried too', () => {
    const { finding, points, law } = of(() => 0.003)
    expect(finding).toBe('supported')
    expect(points).toHaveLength(8)
    expect(points[0]!.value).toBeCloseTo(0.003, 12)
    expect(points[0]!.runs).toHaveLength(6)
    expect(law!.slope).toBeCloseTo(0, 10)
  })

  it('falls where the best rate falls, and its line says of how many points', () => {
    const judgement = of((blocks) => 0.06 / blocks)
    expect(judgement.finding).toBe('not supported')
    expect(judgement.law!.slope).toBeCloseTo(-1, 10)
    const show = { repeats: () => '', difference: () => '', number: (value: number) => value.toFixed(2) }
    expect(linesOf(judgement, show, 0)[0]!.numbers).toContain('of 8 points at 4 depths')
  })

  it('is open where the best rate is the last that was tried, or no axis is of rates', () => {
    const { finding, missing } = of((blocks) => (blocks === 4 ? 1 : 0.003))
    expect([finding, missing[0]]).toEqual([
      'undecided',
      'with · 4 · seed 1: the best rate, 0.032, is the greatest that was tried',
    ])
    const none = judged('best-rate', 0, [], () => ({ measures: {} }))
    expect(none.missing).toEqual(['no axis has a training.rate in each of its variants'])
  })
})
