import { Random } from '../random'
import type { Search } from './search'
import { digitalShift, sobolPoint } from './sobol'
import { type Space, type Values, keyOf, valuesAt } from './space'

/** Streams of a search's seed. */
const STREAMS = { random: 0x5ea1, shift: 0x5ea2, candidates: 0x10000 } as const

/** Points looked at for one that is new, before the space counts as exhausted. */
const MOST_LOOKS = 10_000

/** The settings that a search tries without a look at results, each once, in order: those that come first do not depend on how many are taken. */
export function* sequence(
  { space, sampler, seed }: Pick<Search, 'space' | 'sampler' | 'seed'>,
  taken: readonly Values[] = [],
): Generator<Values> {
  const seen = new Set(taken.map((values) => keyOf(space, values)))
  const points = sampler === 'random' ? randomPoints(space, seed) : sobolPoints(space, new Random(seed, STREAMS.shift))
  let looks = 0
  for (const point of points) {
    const values = valuesAt(space, point)
    const key = keyOf(space, values)
    if (!seen.has(key)) {
      looks = 0
      seen.add(key)
      yield values
    } else if (++looks > MOST_LOOKS) return
  }
}

function* randomPoints(space: Space, seed: number): Generator<number[]> {
  const random = new Random(seed, STREAMS.random)
  for (;;) yield space.map(() => random.uniform())
}

function* sobolPoints(space: Space, random: Random): Generator<number[]> {
  const shift = digitalShift(space.length, random)
  for (let index = 0; index < 2 ** 30; index++) yield sobolPoint(index, shift)
}

/** Even points that are others for each trial, and random numbers for the same. */
export function candidates(space: Space, seed: number, trial: number, count: number): { points: number[][]; random: Random } {
  const random = new Random(seed, STREAMS.candidates + trial)
  const shift = digitalShift(space.length, random)
  return { points: Array.from({ length: count }, (_, index) => sobolPoint(index, shift)), random }
}
