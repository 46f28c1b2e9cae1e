import { expectedImprovement } from './expected-improvement'
import { fittedProcess } from './fitted-process'
import { type AxisKinds, gaussianProcess } from './gaussian-process'
import type { Search } from './search'
import { candidates, sequence } from './sequence'
import { type Space, type Values, isInterval, keyOf, pointOf, valuesAt } from './space'

/** What became of a trial: less is better; null where its run failed. */
export interface Outcome {
  readonly values: Values
  readonly score: number | null
}

/** Trials that are chosen evenly before the first one is by results. */
const firstTrials = (space: Space): number => Math.max(4, 2 * space.length)

/** Points that one trial is chosen among: even ones, and some about the best. */
const EVEN = 512
const ABOUT = { best: 3, each: 100, widths: [0.1, 0.02] } as const
/** Results that the process is laid through: the best, and the latest of the others. */
const MOST_KNOWN = 80

/**
 * The settings of a Bayesian search's next trial (Jones, Schonlau and Welch 1998): where a Gaussian process through the scores, standardised, has
 * the greatest expected improvement over the best. Trials at work count with what the process expects of them (Ginsbourger, Le Riche and Carraro 2010, the
 * "kriging believer"), so that two of them are not alike.
 *
 * @param known Trials of which the results may be used, in their order. @param pending The trials after them, at work.
 * @returns null where every point of the space is taken.
 */
export function propose(search: Search, known: readonly Outcome[], pending: readonly Values[]): Values | null {
  const { space, seed } = search
  const taken = [...known.map(({ values }) => values), ...pending]
  const even = (): Values | null => sequence({ ...search, sampler: 'sobol' }, taken).next().value ?? null
  if (taken.length < firstTrials(space)) return even()
  const scored = standardised(mostTelling(known))
  if (!scored) return even()
  const kinds: AxisKinds = space.map((axis) => (isInterval(axis) ? 'number' : 'choice'))
  const points = scored.map(({ values }) => pointOf(space, values))
  const scores = scored.map(({ score }) => score)
  const fitted = fittedProcess(points, scores, kinds)
  if (!fitted) return even()
  const believed = pending.map((values) => pointOf(space, values))
  const process =
    gaussianProcess(
      [...points, ...believed],
      [...scores, ...believed.map((point) => fitted.process.at(point).mean)],
      kinds,
      fitted.hyperparameters,
    ) ?? fitted.process
  // Of the function itself: a lucky result is not the best that there is.
  const best = Math.min(...points.map((point) => process.at(point).mean))
  const seen = new Set(taken.map((values) => keyOf(space, values)))
  let choice: { values: Values; improvement: number; deviation: number } | undefined
  for (const values of looked(search, seed, taken.length, scored)) {
    if (seen.has(keyOf(space, values))) continue
    const { mean, deviation } = process.at(pointOf(space, values))
    const improvement = expectedImprovement(mean, deviation, best)
    const isBetter =
      !choice || improvement > choice.improvement || (improvement === choice.improvement && deviation > choice.deviation)
    if (isBetter) choice = { values, improvement, deviation }
  }
  return choice?.values ?? even()
}

/** Points that are looked at for a trial. */
function looked({ space }: Search, seed: number, trial: number, scored: readonly { values: Values; score: number }[]): Values[] {
  const { points, random } = candidates(space, seed, trial, EVEN)
  const best = [...scored].sort((a, b) => a.score - b.score).slice(0, ABOUT.best)
  for (const { values } of best) {
    const centre = space.map((axis, i) => {
      const at = pointOf(space, values)[i]!
      return isInterval(axis) ? at : (at + 0.5) / axis.choices.length
    })
    for (const width of ABOUT.widths)
      for (let i = 0; i < ABOUT.each; i++)
        points.push(
          centre.map((at, axis) => {
            // A choice stays what it is in most.
            if (!isInterval(space[axis]!)) return random.uniform() < 0.2 ? random.uniform() : at
            return Math.min(Math.max(at + width * random.normal(), 0), 1 - 2 ** -24)
          }),
        )
  }
  return points.map((point) => valuesAt(space, point))
}

function mostTelling(known: readonly Outcome[]): Outcome[] {
  if (known.length <= MOST_KNOWN) return [...known]
  const order = known.map((_, i) => i).sort((a, b) => (known[a]!.score ?? Infinity) - (known[b]!.score ?? Infinity) || a - b)
  const best = new Set(order.slice(0, MOST_KNOWN / 2))
  const latest = known.map((_, i) => i).filter((i) => !best.has(i))
  const kept = new Set([...best, ...latest.slice(-MOST_KNOWN / 2)])
  return known.filter((_, i) => kept.has(i))
}

/**
 * Scores with mean 0 and deviation 1. A run that failed counts as the worst; one that lies farther behind the median than three times what lies between that and
 * the best counts as no worse than that, or one loss of a thousand would hide all else. Null where nothing tells them apart.
 */
function standardised(known: readonly Outcome[]): { values: Values; score: number }[] | null {
  const finite = known.flatMap(({ score }) => (score === null ? [] : [score])).sort((a, b) => a - b)
  if (finite.length < 2) return null
  const [best, median] = [finite[0]!, finite[Math.floor(finite.length / 2)]!]
  const worst = median > best ? Math.min(finite[finite.length - 1]!, median + 3 * (median - best)) : finite[finite.length - 1]!
  const scores = known.map(({ score }) => Math.min(score ?? worst, worst))
  const mean = scores.reduce((sum, score) => sum + score, 0) / scores.length
  const deviation = Math.sqrt(scores.reduce((sum, score) => sum + (score - mean) ** 2, 0) / scores.length)
  if (!(deviation > 0)) return null
  return known.map(({ values }, i) => ({ values, score: (scores[i]! - mean) / deviation }))
}
