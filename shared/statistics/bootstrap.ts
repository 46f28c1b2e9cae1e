import { Random } from '../random'

/** All nⁿ resamples are gone through up to so many values, the same for everybody; beyond, some are drawn from one seed. */
const MOST_EXACT = 5
const DRAWN = 2000

/** Which of n values each resample holds, with replacement: as shares, each row's sum is 1. */
export function resamplesOf(n: number): Float64Array[] {
  const shares = (pick: (draw: number) => number): Float64Array => {
    const found = new Float64Array(n)
    for (let draw = 0; draw < n; draw++) found[pick(draw)]! += 1 / n
    return found
  }
  if (n <= MOST_EXACT) return Array.from({ length: n ** n }, (_, way) => shares((draw) => Math.floor(way / n ** draw) % n))
  const random = new Random(1)
  return Array.from({ length: DRAWN }, () => shares(() => random.integer(n)))
}

/** 95 % interval of a mean by the bootstrap: the 2.5 % and 97.5 % percentiles of the resamples' means (Efron 1979), linearly between neighbours. */
export function bootstrapInterval(
  values: readonly number[],
  resamples = resamplesOf(values.length),
): [low: number, high: number] {
  const means = Float64Array.from(resamples, (shares) => values.reduce((sum, value, i) => sum + value * shares[i]!, 0)).sort()
  const at = (share: number): number => {
    const place = share * (means.length - 1)
    const [below, rest] = [Math.floor(place), place % 1]
    return rest === 0 ? means[below]! : means[below]! * (1 - rest) + means[below + 1]! * rest
  }
  return [at(0.025), at(0.975)]
}
