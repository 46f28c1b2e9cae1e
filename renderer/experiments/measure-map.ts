import { badnessOver } from '../../shared/measures/best'
import type { Measure } from '../../shared/measures/measure'
import { repeatsOf, type Repeats } from '../../shared/repeats'
import type { Combination } from './statistics'

/** A measure over two axes: a row a variant of the one, a column a variant of the other. */
export interface MeasureMap {
  /** Of the other axes; empty where there are two. */
  readonly at: readonly string[]
  readonly rows: readonly { readonly label: string; readonly cells: readonly MapCell[] }[]
}

export interface MapCell {
  /** Null where no run has a finite value. */
  readonly repeats: Repeats | null
  /** Runs that the combination has, of which `repeats` counts those with a finite value. */
  readonly runs: number
  /** Among all cells of all maps from the worst, 0, to the best, 1; null where the measure does not judge, or a seed has no value of a run that is done. */
  readonly rank: number | null
  /** Whether the mean of how good its seeds are is the best of the row's; of one that lacks a seed's value it is not known. */
  readonly isBestOfRow: boolean
}

/** Variants that an axis of a map has at least: fewer are seen in the table as well. */
const LEAST = 3

/** The two axes of a map, rows and columns: the first with variants enough; undefined where there are not two. */
export function mapAxes(combinations: readonly Combination[]): readonly [rows: number, columns: number] | undefined {
  const count = combinations[0]?.labels.length ?? 0
  const wide = Array.from({ length: count }, (_, axis) => axis).filter(
    (axis) => new Set(combinations.map(({ labels }) => labels[axis])).size >= LEAST,
  )
  return wide.length < 2 ? undefined : [wide[0]!, wide[1]!]
}

/** @param valueOf A run's value by the measure; null where it has none. @param isDone Whether it is that of a run that is done. */
export function measureMaps(
  combinations: readonly Combination[],
  [rowAxis, columnAxis]: readonly [number, number],
  measure: Pick<Measure, 'better'>,
  valueOf: (run: number) => number | null,
  isDone: (run: number) => boolean,
): { readonly columns: readonly string[]; readonly maps: readonly MeasureMap[] } {
  const labelsOf = (axis: number): string[] => [...new Set(combinations.map(({ labels }) => labels[axis]!))]
  const [rows, columns] = [labelsOf(rowAxis), labelsOf(columnAxis)]
  const rest = (labels: readonly string[]): string[] => labels.filter((_, axis) => axis !== rowAxis && axis !== columnAxis)
  const found = new Map(
    combinations.map(({ labels, cells }) => {
      const runs = cells.flatMap(({ run }) => run ?? [])
      const repeats = repeatsOf(runs.map(valueOf))
      // A seed that failed or is to come would be the worst that is left out.
      const judged = cells.map(({ run }) => (run !== null && isDone(run) ? valueOf(run) : null))
      const bad = badnessOver(measure, judged)?.mean ?? null
      return [JSON.stringify([labels[rowAxis], labels[columnAxis], rest(labels)]), { repeats, bad, runs: runs.length }]
    }),
  )
  const all = [...found.values()].flatMap(({ bad }) => bad ?? []).sort((a, b) => b - a)
  const places = [...new Set(combinations.map(({ labels }) => JSON.stringify(rest(labels))))]
  const maps = places.map((place) => {
    const at = JSON.parse(place) as string[]
    return {
      at,
      rows: rows.map((label) => {
        const own = columns.map((column) => found.get(JSON.stringify([label, column, at])))
        const known = own.flatMap((cell) => cell?.bad ?? [])
        const best = Math.min(...known)
        const cells = own.map((cell): MapCell => {
          const bad = cell?.bad ?? null
          return {
            ...{ repeats: cell?.repeats ?? null, runs: cell?.runs ?? 0 },
            rank: bad === null || all.length < 2 ? null : all.indexOf(bad) / (all.length - 1),
            isBestOfRow: bad !== null && known.length > 1 && bad === best,
          }
        })
        return { label, cells }
      }),
    }
  })
  return { columns, maps }
}
