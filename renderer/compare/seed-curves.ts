import type { Measure } from '../../shared/measures/measure'
import { type Band, countSpans, meanCurve } from '../../shared/repeats'
import type { Curve } from '../charts/curve-option'
import { nearestIndex } from '../charts/thin'
import { formatCount } from '../ui/format'
import { formatMeasure, spreadWords } from '../ui/format-measure'

/** A run's curve with the steps that its values are of, whatever the axis. */
export interface StepCurve extends Curve {
  readonly run: number
  readonly steps: ArrayLike<number>
}

/** Runs that differ in the seed alone, as a comparison calls them. */
export interface ComparedGroup {
  readonly label: string
  readonly wholeLabel: string
  readonly runs: readonly number[]
}

/** A group's mean with a band of one sample deviation, or the bootstrap's. */
export interface GroupCurve extends Curve {
  /** Its name as a file has it, in full. */
  readonly wholeName: string
  readonly band: NonNullable<Curve['band']>
  /** What its band is, and sample deviation and n at each place. */
  readonly drawn: Band
  readonly deviations: Float64Array
  readonly counts: Uint32Array
  /** `n = 2 up to step 100, n = 1 beyond`; empty where n is the same all along. */
  readonly spans: string
}

/** The curves of each group as one; those of one step are held against each other. */
export function overSeeds(
  curves: readonly StepCurve[],
  groups: readonly ComparedGroup[],
  measure: Measure,
  drawn: Band = 'deviation',
): GroupCurve[] {
  return groups.flatMap(({ label, wholeLabel, runs }): GroupCurve[] => {
    const members = curves.filter(({ run }) => runs.includes(run))
    const [first] = members
    if (!first) return []
    const curve = meanCurve(
      members.map(({ steps, y }) => ({ at: steps, y })),
      drawn,
    )
    const { at, mean, deviation, low, high, count } = curve
    return [
      {
        ...{
          id: first.id,
          name: `${label} · n = ${members.length}`,
          wholeName: `${wholeLabel} · n = ${members.length}`,
          colour: first.colour,
          isDashed: first.isDashed ?? false,
          style: first.style,
        },
        ...{
          isExact: first.isExact ?? false,
          x: placesOf(at, members),
          y: mean,
          band: { low, high },
          drawn,
          deviations: deviation,
          counts: count,
        },
        format: (value) => formatMeasure(measure, value),
        told: spreadWords(measure, curve, drawn),
        spans: spanWords(countSpans({ at, count })),
      },
    ]
  })
}

/** Where steps stand on the axis: as in the run that goes farthest, whose places over time ascend. */
function placesOf(at: Float64Array, members: readonly StepCurve[]): Float64Array {
  const farthest = members.reduce((best, one) => (last(one.steps) > last(best.steps) ? one : best))
  return at.map((step) => farthest.x[nearestIndex(farthest.steps, step)] ?? NaN)
}
const last = (column: ArrayLike<number>): number => column[column.length - 1] ?? -Infinity

function spanWords(spans: readonly { readonly to: number; readonly count: number }[]): string {
  if (spans.length < 2) return ''
  return spans
    .map(({ to, count }, i) => `n = ${count} ${i === spans.length - 1 ? 'beyond' : `up to step ${formatCount(to)}`}`)
    .join(', ')
}
