import type { LayerChangeAnswer, LayerSpectrum } from '../api'
import { tapsApart } from '../ops/padding'

const grouped = (count: number): string => count.toLocaleString('en-US')

/** Singular values of an operator at one frequency of its outputs, and how many of them can be other than 0 whatever the kernel holds. */
export function directions({
  kind,
  kernel,
  stride,
  dilation,
  groups,
}: Pick<LayerSpectrum, 'kind' | 'kernel' | 'stride' | 'dilation' | 'groups'>): {
  readonly all: number
  readonly reached: number
} {
  if (kind !== 'convolution') {
    const all = Math.min(...kernel)
    return { all, reached: all }
  }
  const [high, wide, fanIn, out] = kernel as [number, number, number, number]
  const fanOut = out / groups
  // A stride makes stride² pixels into channels; a kernel leaves some of them out that has fewer taps, or gaps in which they lie.
  const apart = tapsApart({ stride, dilation })
  const seen = Math.min(high, apart) * Math.min(wide, apart)
  const all = groups * Math.min(fanOut, fanIn * stride ** 2)
  return { all, reached: groups * Math.min(fanOut, fanIn * seen) }
}

/** Why singular values stay 0 after a change, in sentences; empty where none has to. */
export function lostDirections({ after, rank, fullRank }: Pick<LayerChangeAnswer, 'after' | 'rank' | 'fullRank'>): string {
  const { all, reached } = directions(after)
  const told: string[] = []
  if (reached < all)
    told.push(
      `${grouped(all - reached)} of every ${grouped(all)} singular values stay 0: a ${after.kernel.slice(0, 2).join('×')} kernel with stride ${after.stride}${after.dilation > 1 ? ` and dilation ${after.dilation}` : ''} does not see the pixels between its steps, and no kernel of this form brings these directions back.`,
    )
  if (rank !== null && rank < fullRank)
    told.push(
      `At some frequency the kernel has rank ${rank} of ${fullRank} only: a direction that it loses has no value to be put elsewhere, and stays lost.`,
    )
  return told.join(' ')
}
