import type { RequestOutput } from '../../shared/api'
import { stepMeasures, type StepMeasureName } from '../../shared/measures'
import { valuesIn } from '../../shared/measures/unit-sets'
import { boundDelta, shareWithin } from '../../shared/norms/bound'
import { ratios } from '../../shared/norms/ratio'
import type { Unit } from '../../shared/records'
import { readColumns } from './packed-curves'
import type { Store } from './store'
import { numeric } from './text-rows'

/** Of steps: what a damaged store may hold in their place is left out. */
const WHOLE = "typeof(norms) = 'blob' AND length(norms) % 4 = 0 AND typeof(step) = 'integer'"

/** A blob in a row that came as an array. */
type Bytes = ArrayBuffer | Uint8Array

function floats(bytes: Bytes): Float32Array {
  return bytes instanceof Uint8Array
    ? new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength))
    : new Float32Array(bytes)
}

/** A run's steps from…to as columns. */
export function curves(store: Store, run: number, from = 1, to?: number): RequestOutput<'runs.curves'> {
  const columns = readColumns(store, run, from, to)
  const double = (name: string): Float64Array<ArrayBuffer> => columns.get(name) as Float64Array<ArrayBuffer>
  const measured = stepMeasures.map(({ name, step }) => [name, columns.get(step.column)])
  return {
    ...{ step: double('step'), epoch: double('epoch'), at: double('at') },
    ...(Object.fromEntries(measured) as Record<StepMeasureName, Float64Array<ArrayBuffer> | Float32Array<ArrayBuffer>>),
  }
}

/** One unit's ratio at each measured step: its two norms are cut out of the stored ones. */
export function unitRatio(store: Store, run: number, unit: number): RequestOutput<'runs.unit'> {
  const rows = store.columns(
    `SELECT step, substr(norms, ?, 8) FROM steps WHERE run = ? AND length(norms) >= ? AND ${WHOLE} ORDER BY step`,
    [4 * unit + 1, run, 4 * (unit + 2)],
  ) as [number, Bytes][]
  const step = Float64Array.from(rows, ([number]) => number)
  const ratio = Float32Array.from(rows, ([, bytes]) => {
    const [before, after] = floats(bytes)
    return before! / after!
  })
  return { step, ratio }
}

/** Steps whose norms are looked at before others have their turn. */
const AT_ONCE = 512

/** Share of the blocks with a finite ratio that lie within the bound at each measured step, exactly; NaN of none. Lets others have their turn between parts. */
export async function shareWithinBound(
  store: Store,
  run: number,
  units: readonly Unit[],
  c: number,
): Promise<RequestOutput<'runs.within'>> {
  const blocks = valuesIn('blocks', new Float32Array(units.length), units).length
  const delta = boundDelta(c, blocks)
  const step: number[] = []
  const share: number[] = []
  for (let last = 0; ;) {
    const rows = store.columns(`SELECT step, norms FROM steps WHERE run = ? AND step > ? AND ${WHOLE} ORDER BY step LIMIT ?`, [
      run,
      last,
      AT_ONCE,
    ]) as [number, Bytes][]
    if (rows.length === 0) break
    for (const [number, bytes] of rows) {
      const norms = floats(bytes)
      if (norms.length !== units.length + 1 || blocks === 0) continue
      step.push(number)
      share.push(shareWithin(valuesIn('blocks', ratios(norms), units), delta))
    }
    const next = rows[rows.length - 1]![0]
    if (next <= last) break
    last = next
    await new Promise((resolve) => setImmediate(resolve))
  }
  return { step: Float64Array.from(step), share: Float32Array.from(share) }
}

/** The loss at about `points` steps spread evenly, as it was: a glance, not a curve. */
export function sparkline(store: Store, run: number, lastStep: number, points = 40): number[] {
  if (lastStep < 1) return []
  const count = Math.min(points, lastStep)
  const steps = Array.from({ length: count }, (_, i) => Math.round(1 + (i * (lastStep - 1)) / Math.max(1, count - 1)))
  const places = steps.map(() => '?').join(', ')
  const rows = store.columns(`SELECT ${numeric('loss')} FROM scalars WHERE run = ? AND step IN (${places}) ORDER BY step`, [
    run,
    ...steps,
  ])
  return rows.map(([loss]) => (loss as number | null) ?? NaN)
}
