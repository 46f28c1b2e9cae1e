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

/** One unit's ratio at each measured step from one on: its two norms are cut out of the stored ones. Lets others have their turn between parts. */
export async function unitRatio(store: Store, run: number, unit: number, from = 1): Promise<RequestOutput<'runs.unit'>> {
  const step: number[] = []
  const ratio: number[] = []
  for await (const rows of inParts(store, 'substr(norms, ?, 8)', [4 * unit + 1], run, from))
    for (const [number, bytes] of rows) {
      const [before, after] = floats(bytes)
      if (after === undefined) continue
      step.push(number)
      ratio.push(before! / after)
    }
  return { step: Float64Array.from(step), ratio: Float32Array.from(ratio) }
}

/** Steps whose norms are looked at before others have their turn. */
const AT_ONCE = 512

/** Something of a run's norms, step by step, some steps at a time. */
async function* inParts(
  store: Store,
  what: string,
  values: readonly unknown[],
  run: number,
  from: number,
): AsyncGenerator<readonly [step: number, bytes: Bytes][]> {
  for (let last = from - 1; ;) {
    const rows = store.columns(`SELECT step, ${what} FROM steps WHERE run = ? AND step > ? AND ${WHOLE} ORDER BY step LIMIT ?`, [
      ...values,
      ...[run, last, AT_ONCE],
    ]) as [number, Bytes][]
    if (rows.length === 0) return
    yield rows
    const next = rows[rows.length - 1]![0]
    if (next <= last) return
    last = next
    await new Promise((resolve) => setImmediate(resolve))
  }
}

/** Share of the blocks with a finite ratio that lie within the bound at each measured step from one on, exactly; NaN of none. Lets others have their turn between parts. */
export async function shareWithinBound(
  store: Store,
  run: number,
  units: readonly Unit[],
  c: number,
  from = 1,
): Promise<RequestOutput<'runs.within'>> {
  const blocks = valuesIn('blocks', new Float32Array(units.length), units).length
  const delta = boundDelta(c, blocks)
  const step: number[] = []
  const share: number[] = []
  for await (const rows of inParts(store, 'norms', [], run, from))
    for (const [number, bytes] of rows) {
      const norms = floats(bytes)
      if (norms.length !== units.length + 1 || blocks === 0) continue
      step.push(number)
      share.push(shareWithin(valuesIn('blocks', ratios(norms), units), delta))
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
