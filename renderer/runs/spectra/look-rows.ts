import type { SpectraRecord } from '../../../shared/spectra/live'

export interface LookRow {
  readonly mean: Float32Array
  readonly min: Float32Array
  readonly max: Float32Array
  /** The step of the look; of one that was left out where it fell due, as far as its neighbours tell. */
  readonly label: number
  /** None that was not finite: a cell without a number was not measured. */
  readonly notFinite?: Float32Array
  /** Whether it is one that was left out, with no number in it. */
  readonly isGap?: boolean
}

/** Rows for looks that were left out between two others at most; more are as many as these. */
const MOST_GAPS = 50

/**
 * A run's looks as rows of a heat map, with an empty row for each look that was left out, so that what was not looked at is not drawn as if
 * nothing lay between its neighbours.
 *
 * @param of A layer's number in a look.
 */
export function lookRows(
  looks: readonly SpectraRecord[],
  layers: number,
  of: (values: Float32Array, layer: number) => number,
): LookRow[] {
  return looks.flatMap(({ step, skipped, values }, i) => {
    const cells = Float32Array.from({ length: layers }, (_, at) => of(values, at))
    const look: LookRow = { mean: cells, min: cells, max: cells, label: step }
    const before = looks[i - 1]?.step
    if (before === undefined || skipped === 0) return [look]
    const gaps = Math.min(skipped, MOST_GAPS, Math.max(0, step - before - 1))
    const [empty, notFinite] = [new Float32Array(layers).fill(NaN), new Float32Array(layers)]
    return [
      ...Array.from({ length: gaps }, (_, gap): LookRow => {
        const label = Math.round(before + ((gap + 1) * (step - before)) / (gaps + 1))
        return { mean: empty, min: empty, max: empty, notFinite, label, isGap: true }
      }),
      look,
    ]
  })
}

export const isGap = ({ isGap: is }: LookRow): boolean => is === true
