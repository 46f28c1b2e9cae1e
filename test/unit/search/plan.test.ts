import { describe, expect, it } from 'vitest'
import { judged, rungsOf, survivors } from '../../../shared/search/halving'
import { nextSteps, type TrialState } from '../../../shared/search/plan'
import { readSpace } from '../../../shared/search/read-space'
import { Search } from '../../../shared/search/search'
import { pointOf, sizeOf, type Values } from '../../../shared/search/space'

const space = readSpace('rate=1e-4..1,weight-decay=0..0.1,optimizer=sgd|adam')
const search = (more: object): Search => Search.parse({ space, objective: { measure: 'testAccuracy' }, trials: 8, ...more })

/** A bowl with its lowest place at a rate of 0.01 and a decay of 0.03, a little lower with Adam. */
const bowl = (values: Values): number => {
  const [rate, decay, optimiser] = pointOf(space, values) as [number, number, number]
  return (rate - 0.5) ** 2 + (decay - 0.3) ** 2 + (optimiser === 1 ? 0 : 0.1)
}

/** Runs a whole search, each trial ending at once. */
function whole(of: Search): Values[] {
  const trials: TrialState[] = []
  while (trials.length < of.trials) {
    const { begin } = nextSteps(of, trials, 1)
    for (const values of begin) trials.push({ values, score: bowl(values), rungs: [] })
    if (begin.length === 0) break
  }
  return trials.map(({ values }) => values)
}

describe('a space', () => {
  it('is read from text, with the scale that the setting grows by', () => {
    expect(space).toEqual([
      { path: 'training.rate', low: 1e-4, high: 1, scale: 'log', whole: false },
      { path: 'training.weightDecay', low: 0, high: 0.1, scale: 'linear', whole: false },
      { path: 'training.optimiser', choices: ['sgd', 'adam'] },
    ])
    expect(readSpace('batch=16..64 network.blocks=1..5 rate=0.1..1:linear')).toEqual([
      { path: 'training.batch', choices: [16, 32, 64] },
      { path: 'network.blocks', low: 1, high: 5, scale: 'linear', whole: true },
      { path: 'training.rate', low: 0.1, high: 1, scale: 'linear', whole: false },
    ])
    expect(sizeOf(space)).toBe(Infinity)
    expect(sizeOf(readSpace('batch=16..64,network.blocks=1..5'))).toBe(15)
  })
  it.each([
    ['rat=1..2', 'there is no setting "rat"'],
    ['rate', 'a setting and what it may be are needed in "rate"'],
    ['rate=2..1', 'the lower end is not below the higher one in "rate=2..1"'],
    ['rate=0..1:log', 'a logarithmic scale begins above 0'],
    ['rate=0.1', 'one value varies nothing'],
    ['optimizer=sgd|sgdd', '"sgdd" is not one of its words'],
    ['optimizer=1..2', 'this setting is no number'],
    ['batch=8|8', 'a choice is there twice'],
    ['', 'there is no setting to vary'],
  ])('refuses %s with a sentence', (text, sentence) => expect(() => readSpace(text)).toThrow(sentence))
})

describe('a search', () => {
  it.each(['random', 'sobol', 'bayes'] as const)('goes on the same when it is added to, by its seed: %s', (sampler) => {
    const [few, many] = [whole(search({ sampler })), whole(search({ sampler, trials: 14 }))]
    expect(many.slice(0, 8)).toEqual(few)
    expect(many).toHaveLength(14)
    expect(new Set(many.map((values) => JSON.stringify(values))).size).toBe(14)
    expect(whole(search({ sampler, seed: 2 }))).not.toEqual(few)
  })
  it('takes each point once, and ends where there is none left', () => {
    const small = search({ space: readSpace('batch=16|32,optimizer=sgd|adam'), trials: 9 })
    const { begin, isExhausted } = nextSteps(small, [], 1)
    expect(new Set(begin.map((values) => JSON.stringify(values))).size).toBe(4)
    expect(isExhausted).toBe(true)
    const bayes = nextSteps({ ...small, sampler: 'bayes', ahead: 9 }, [], 1)
    expect(bayes.begin).toHaveLength(4)
    expect(bayes.isExhausted).toBe(true)
  })
  it('finds the bottom of a bowl sooner by a Gaussian process than evenly', () => {
    const best = (sampler: Search['sampler'], seed: number): number =>
      Math.min(...whole(search({ sampler, trials: 16, seed })).map(bowl))
    const seeds = [1, 2]
    const mean = (sampler: Search['sampler']): number => seeds.reduce((sum, seed) => sum + best(sampler, seed), 0) / seeds.length
    expect(mean('bayes')).toBeLessThan(0.01)
    expect(mean('bayes')).toBeLessThan(mean('sobol') / 2)
  })
  it('chooses a trial by those alone that came long enough before it, whichever end first', () => {
    const ahead = search({ sampler: 'bayes', ahead: 3, trials: 12 })
    const done = whole(search({ sampler: 'bayes', trials: 8 }))
    const state = (values: Values, isDone: boolean): TrialState => ({
      values,
      score: isDone ? bowl(values) : undefined,
      rungs: [],
    })
    const trials = done.map((values, i) => state(values, i < 6))
    // Two are at work: the third may begin, and no more.
    const { begin } = nextSteps(ahead, trials, 1)
    expect(begin).toHaveLength(1)
    const later = nextSteps(
      ahead,
      trials.map(({ values }, i) => state(values, i !== 6)),
      1,
    )
    expect(later.begin).toEqual(begin)
    // One of those that count is not over.
    expect(
      nextSteps(
        ahead,
        trials.map(({ values }, i) => state(values, i !== 4)),
        1,
      ).begin,
    ).toEqual([])
  })
  it('counts a failed trial as the worst, and a wild value as no worse than bad', () => {
    const of = search({ sampler: 'bayes', trials: 9 })
    const trials = whole(search({ sampler: 'bayes' })).map((values, i) => ({
      values,
      score: i === 2 ? null : bowl(values),
      rungs: [],
    }))
    const wild = trials.map((trial, i) => (i === 2 ? { ...trial, score: 1e30 } : trial))
    expect(nextSteps(of, trials, 1).begin).toHaveLength(1)
    expect(nextSteps(of, wild, 1).begin).toHaveLength(1)
  })
})

describe('successive halving', () => {
  it('judges at epochs that grow by its factor', () => {
    expect(rungsOf({ from: 1, factor: 3 }, 10)).toEqual([1, 3, 10])
    expect(rungsOf({ from: 2, factor: 3 }, 10)).toEqual([3, 10])
    expect(rungsOf({ from: 1, factor: 2 }, 1)).toEqual([1])
    expect(survivors(9, 3, 3)).toEqual([3, 1])
    expect(survivors(2, 3, 3)).toEqual([1, 1])
  })
  it('lets the best go on once all have come to a rung, in whatever order they did', () => {
    const scores = [5, 3, 8, 1, 3, null, 9, 7, 6].map((score) => [score])
    const after = judged(scores, 3, 3)
    expect(after.flatMap(({ rung }, i) => (rung === 1 ? [i] : []))).toEqual([1, 3, 4])
    expect(after[5]).toEqual({ rung: 0, isEnded: true })
    const open = judged(
      scores.map((score, i) => (i === 7 ? [] : score)),
      3,
      3,
    )
    expect(open.every(({ rung, isEnded }) => rung === 0 && !isEnded)).toBe(true)
    const second = judged(
      scores.map(([first], i) => (i === 1 ? [3, 1] : i === 3 ? [1, 2] : i === 4 ? [3, 1] : [first!])),
      3,
      3,
    )
    // Of two that are equal the earlier goes on.
    expect(second.flatMap(({ rung }, i) => (rung === 2 ? [i] : []))).toEqual([1])
  })
  it('gives no place to trials that failed', () => {
    expect(judged([[null], [null], [null]], 3, 2).every(({ isEnded }) => isEnded)).toBe(true)
  })
  it('makes a bracket of its own of trials that are added', () => {
    const trial = (score: number): TrialState => ({ values: {}, score: undefined, rungs: [score] })
    const first = [3, 1, 2].map(trial)
    const of = search({ sampler: 'halving', trials: 6, brackets: [3] })
    const { standings } = nextSteps(of, [...first, ...[0.1, 0.2, 0.3].map(trial)], 2)
    expect(standings.map(({ rung }) => rung)).toEqual([0, 1, 0, 1, 0, 0])
  })
})
