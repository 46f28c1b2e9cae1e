import type { LawExpectation } from './expectation'
import type { ExperimentDefinition } from './experiment'
import type { Figures, Finding, JudgedCell } from './judged-cell'
import { type LawPoint, lawOf } from './laws'
import { powerLaw, type PowerLaw } from './power-law'

/** What became of the expectation of a law. */
export interface LawJudgement {
  readonly expectation: LawExpectation
  readonly judgedBy: string
  readonly finding: Finding
  /** What the line goes through, as far as it is known: all of the variant's, whichever seed. */
  readonly points: readonly LawPoint[]
  /** The line; null where none can be drawn yet. */
  readonly law: PowerLaw | null
  /** Why it is not decided. */
  readonly missing: readonly string[]
}

/** A line through two depths is a line through whatever there is. */
const FEWEST_DEPTHS = 3

/**
 * Whether the slope lies where it is expected: decided where the whole of its 95 % interval lies within the expected power ± `within`, or all of it
 * outside (for two means the same is called a test of equivalence: Schuirmann 1987). All runs must be done, as in a comparison.
 */
export function judgeLaw(
  expectation: LawExpectation,
  axes: ExperimentDefinition['axes'],
  cells: readonly JudgedCell[],
  figures: Figures,
): LawJudgement {
  const { axis, of, slope, within, isThere } = expectation
  const { title, over, base, points: pointsOf } = lawOf(expectation.law)
  const at = axes.findIndex(({ name }) => name === axis)
  const own = at < 0 ? [] : cells.filter(({ labels }) => labels[at] === of)
  const told = { expectation, judgedBy: title }
  if (own.length === 0)
    return { ...told, finding: 'undecided', law: null, points: [], missing: [`“${of}” is no variant of an axis “${axis}”`] }
  const { points, missing: open } = pointsOf(own, axes, figures)
  const line = powerLaw(points.map(({ blocks, value }) => ({ x: over(blocks), y: value })))
  // log(2L)/L is the same of 1 and 2 blocks: two depths, and one place for the line.
  const depths = new Set(points.map(({ blocks }) => blocks)).size
  const law = line && { ...line, places: depths }
  const isShort = open.length === 0 && (line === null || line.places < FEWEST_DEPTHS)
  const needed = depths < FEWEST_DEPTHS ? 'depths' : `values of ${base}`
  const hasOneSeed = new Set(own.map(({ seed }) => seed)).size === 1
  const missing = [
    ...(isShort ? [`${FEWEST_DEPTHS} ${needed} or more are needed`] : open),
    ...(open.length === 0 && hasOneSeed ? ['one seed decides nothing, two or more are needed'] : []),
  ]
  if (missing.length > 0 || law === null) return { ...told, finding: 'undecided', law, points, missing }
  const [low, high] = [law.slope - law.interval, law.slope + law.interval]
  const isInside = low >= slope - within && high <= slope + within
  const isOutside = low > slope + within || high < slope - within
  const finding = isInside === isOutside ? 'undecided' : isInside === isThere ? 'supported' : 'not supported'
  return { ...told, finding, law, points, missing }
}
