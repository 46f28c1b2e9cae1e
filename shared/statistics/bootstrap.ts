import { Random } from '../random'

/** All nⁿ resamples are gone through up to so many values, the same for everybody; beyond, some are drawn from one seed. */
const MOST_EXACT = 6
const DRAWN = 1000

/** Values drawn with replacement. */
export interface Resample {
  /** How often each was drawn. */
  readonly counts: Uint32Array
  /** Orders of draws that come to the same. */
  readonly ways: number
}

export function resamplesOf(n: number): Resample[] {
  if (n === 0) return []
  if (n <= MOST_EXACT) return allResamples(n)
  const random = new Random(1)
  return Array.from({ length: DRAWN }, () => {
    const counts = new Uint32Array(n)
    for (let draw = 0; draw < n; draw++) counts[random.integer(n)]!++
    return { counts, ways: 1 }
  })
}

/** Orders of draws that hold each value equally often have one mean: a resample stands for all of them. */
function allResamples(n: number): Resample[] {
  const found: Resample[] = []
  const counts = new Uint32Array(n)
  const put = (place: number, left: number, ways: number): void => {
    if (place === n - 1) {
      counts[place] = left
      found.push({ counts: counts.slice(), ways })
      return
    }
    let choices = 1
    for (let count = 0; count <= left; count++) {
      counts[place] = count
      put(place + 1, left - count, ways * choices)
      choices = (choices * (left - count)) / (count + 1)
    }
  }
  put(0, n, 1)
  return found
}

/**
 * 95 % interval of a mean by the bootstrap: the 2.5 % and 97.5 % percentiles of the resamples' means (Efron 1979), linearly between neighbours. Of few values it is
 * too narrow: of normal ones it holds the mean in 67 of 100 cases with three, 79 with four, 83 with five (`make_statistics.py`).
 */
export function bootstrapInterval(
  values: readonly number[],
  resamples = resamplesOf(values.length),
): [low: number, high: number] {
  const means = resamples
    .map(({ counts, ways }) => ({ mean: values.reduce((sum, value, i) => sum + value * counts[i]!, 0) / values.length, ways }))
    .sort((a, b) => a.mean - b.mean)
  const total = means.reduce((sum, { ways }) => sum + ways, 0)
  const nth = (place: number): number => {
    let before = 0
    return means.find(({ ways }) => (before += ways) > place)!.mean
  }
  const at = (share: number): number => {
    const place = share * (total - 1)
    const [below, rest] = [Math.floor(place), place % 1]
    return rest === 0 ? nth(below) : nth(below) * (1 - rest) + nth(below + 1) * rest
  }
  return [at(0.025), at(0.975)]
}
