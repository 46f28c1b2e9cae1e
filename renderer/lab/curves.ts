import type { Lab, RequestOutput } from '../../shared/api'
import { joinArrays } from '../../shared/join-arrays'

type Curves = RequestOutput<'runs.curves'>

/** Steps of one answer: some megabytes, so that a run of a million steps keeps no other question waiting for long, and no wire is too narrow for it. */
const STEPS_AT_ONCE = 65_536

/** What a run's steps measured, part by part. @param last The last step that is known of; what came after it is in the last part. */
export async function* curvesInParts(lab: Pick<Lab, 'request'>, run: number, last: number): AsyncGenerator<Curves> {
  for (let from = 1; from <= Math.max(1, last); from += STEPS_AT_ONCE) {
    const isLast = from + STEPS_AT_ONCE > last
    yield await lab.request('runs.curves', { run, from, ...(!isLast && { to: from + STEPS_AT_ONCE - 1 }) })
  }
}

/** The same in one. @param isWanted Asked before each part: what nobody waits for any more ends with what has come. */
export async function wholeCurves(
  lab: Pick<Lab, 'request'>,
  run: number,
  last: number,
  isWanted: () => boolean = () => true,
): Promise<Curves> {
  const parts: Curves[] = []
  for await (const part of curvesInParts(lab, run, last)) {
    parts.push(part)
    if (!isWanted()) break
  }
  return parts.length === 1 ? parts[0]! : joined(parts)
}

/** Columns one behind the other. */
export function joined<T extends { step: Float64Array }>(parts: readonly T[]): T {
  const columns = Object.entries(parts[0]!).map(([name, first]) => [
    name,
    joinArrays(
      (length) => (first instanceof Float32Array ? new Float32Array(length) : new Float64Array(length)),
      parts.map((part) => part[name as keyof T] as ArrayLike<number>),
    ),
  ])
  return Object.fromEntries(columns) as unknown as T
}
