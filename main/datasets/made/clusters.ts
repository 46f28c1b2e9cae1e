import { Random } from '../../../shared/random'
import { bell } from './arithmetic'
import type { Points } from './points'

/** Keeps the centres apart from other random numbers of the seed. */
const CENTRES_STREAM = 3
/** Places that are tried for a centre; the farthest from those that there are is taken (Mitchell 1991). */
const CANDIDATES = 16

/** A point of class k is its centre, each feature moved by noise; centres lie within [−1, 1) in each feature. */
export function clusters({ classes, features, noise, seed }: Readonly<Record<string, number>>): Points {
  const centres = drawCentres(classes!, features!, new Random(seed!, CENTRES_STREAM))
  return {
    classes: classes!,
    features: features!,
    range: [-1, 1],
    draw(random, label, target) {
      const centre = centres[label]!
      for (let j = 0; j < centre.length; j++) target[j] = centre[j]! + noise! * bell(random)
    },
  }
}

function drawCentres(classes: number, features: number, random: Random): Float64Array[] {
  const centres: Float64Array[] = []
  while (centres.length < classes) {
    let best: Float64Array | undefined
    let farthest = -1
    for (let i = 0; i < CANDIDATES; i++) {
      const tried = Float64Array.from({ length: features }, () => 2 * random.uniform() - 1)
      const nearest = Math.min(Infinity, ...centres.map((centre) => squaredDistance(centre, tried)))
      if (nearest > farthest) [best, farthest] = [tried, nearest]
    }
    centres.push(best!)
  }
  return centres
}

function squaredDistance(a: Float64Array, b: Float64Array): number {
  let sum = 0
  for (let j = 0; j < a.length; j++) sum += (a[j]! - b[j]!) * (a[j]! - b[j]!)
  return sum
}
