import { UserError } from '../../../shared/errors'
import type { Tensor } from '../../../shared/ops/graph'
import type { ClippingOutcome, KernelChange } from '../../../shared/spectra/change'
import { fullRankOf } from '../graph/kernel-operator'
import type { Grid, Taps } from '../graph/kernel-transform'
import { clipKernel, NOT_FINITE, projectKernel, type Repaired, whitenKernel } from '../graph/procrustes'
import type { TensorGraph } from '../graph/tensor-graph'
import { computeOnce } from '../spectra/compute-once'
import { settledClip } from './settled-clip'

/** A kernel [kh, kw, in / groups, out] or [in, out]. */
export interface Kernel extends Taps {
  readonly shape: readonly number[]
  readonly values: Float32Array
}

/** What became of a kernel; the least rank that was found (null where the method does not tell it), and the full one. */
export interface ChangedKernel {
  readonly values: Float32Array
  readonly rank: number | null
  readonly fullRank: number
  /** Of a convolution that was clipped. */
  readonly clipping: ClippingOutcome | null
}

/**
 * A kernel that is projected, whitened, clipped or scaled.
 *
 * @param grid Of frequencies, for a convolution; null where nobody said one.
 * @param tell Hears of each round of a clipping.
 * @throws UserError where the change is not one of such a kernel, or its values are not finite.
 */
export function changedKernel(
  { shape, values, ...taps }: Kernel,
  change: KernelChange,
  grid: Grid | null,
  place: string,
  tell?: (round: number) => void,
): ChangedKernel {
  const fullRank = fullRankOf(shape, taps.groups ?? 1)
  const isDense = shape.length === 2
  if (change.kind === 'scale') {
    const scaled = values.map((value) => value * change.factor)
    if (!scaled.every(Number.isFinite))
      throw new UserError('its values would leave the range of numbers', { place, remedy: 'scale by less' })
    return { values: scaled, rank: null, fullRank, clipping: null }
  }
  if (change.kind === 'project' && isDense)
    throw new UserError('it is a dense kernel and not a convolution’s', { place, remedy: 'whiten it instead' })
  if (change.kind === 'whiten' && !isDense)
    throw new UserError('it is a convolution’s kernel and not a dense one', { place, remedy: 'project it instead' })
  if (!isDense && grid === null)
    throw new UserError('a convolution’s singular values depend on the size of its inputs', { place, remedy: 'add --size' })
  if (change.kind === 'clip' && !isDense) {
    const { values: clipped, rank, outcome } = settledClip({ shape, values, ...taps }, grid!, change, tell)
    if (rank === NOT_FINITE) throw notFinite(place)
    return { values: clipped, rank: Number.isNaN(rank) ? null : rank, fullRank, clipping: outcome }
  }
  const repair = (g: TensorGraph, kernel: Tensor): Repaired => {
    if (change.kind === 'project') return projectKernel(g, kernel, grid!, change.method, taps)
    return change.kind === 'whiten' ? whitenKernel(g, kernel) : clipKernel(g, kernel, null, change.interval)
  }
  const [found, rank] = computeOnce(shape, values, (g, kernel) => {
    const repaired = repair(g, kernel)
    return [repaired.kernel, repaired.rank]
  }) as [Float32Array, Float32Array]
  if (rank[0] === NOT_FINITE) throw notFinite(place)
  return { values: found, rank: Number.isNaN(rank[0]!) ? null : rank[0]!, fullRank, clipping: null }
}

const notFinite = (place: string): UserError =>
  new UserError('it holds values that are not finite, and cannot be repaired', { place })
