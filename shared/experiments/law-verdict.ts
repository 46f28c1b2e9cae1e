import { runNumber } from '../run-labels'
import { type LawExpectation, LAWS } from './expectation'
import type { ExperimentDefinition } from './experiment'
import { type Figures, type Finding, type JudgedCell, unfinished } from './judged-cell'
import { powerLaw, type PowerLaw } from './power-law'

/** What became of the expectation of a law. */
export interface LawJudgement {
  readonly expectation: LawExpectation
  readonly judgedBy: string
  readonly finding: Finding
  /** Through all runs of the variant, whichever seed; null where no line can be drawn yet. */
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
  { depths }: Figures,
): LawJudgement {
  const { axis, of, slope, within, isThere } = expectation
  const at = axes.findIndex(({ name }) => name === axis)
  const own = at < 0 ? [] : cells.filter(({ labels }) => labels[at] === of)
  const told = { expectation, judgedBy: LAWS[expectation.law].title }
  if (own.length === 0)
    return { ...told, finding: 'undecided', law: null, missing: [`“${of}” is no variant of an axis “${axis}”`] }
  const known = new Map((depths ?? []).map((depth) => [depth.run, depth]))
  const points = own.flatMap(({ run }) => (run?.state === 'done' ? (known.get(run.id) ?? []) : []))
  const law = powerLaw(points.map(({ blocks, mean }) => ({ x: blocks, y: mean })))
  const missing = own.flatMap((cell) => {
    const open = unfinished(cell, cell.labels.join(' · '))
    if (open !== null) return [open]
    const value = depths && known.get(cell.run!.id)?.mean
    if (value !== undefined && value > 0 && Number.isFinite(value)) return []
    return [
      `${runNumber(cell.run!.id)} (${cell.labels.join(' · ')}): ${value === undefined ? 'σ₁ is not measured yet' : 'no σ₁ above 0'}`,
    ]
  })
  if (missing.length === 0 && (law === null || law.places < FEWEST_DEPTHS))
    missing.push(`${FEWEST_DEPTHS} depths or more are needed`)
  if (missing.length > 0 || law === null) return { ...told, finding: 'undecided', law, missing }
  const [low, high] = [law.slope - law.interval, law.slope + law.interval]
  const isInside = low >= slope - within && high <= slope + within
  const isOutside = low > slope + within || high < slope - within
  const finding = isInside === isOutside ? 'undecided' : isInside === isThere ? 'supported' : 'not supported'
  return { ...told, finding, law, missing }
}
