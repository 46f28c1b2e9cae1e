import { BAD_REASON, IDENTITY_RULE } from '../norms/identity'
import { repeatsOf, type Repeats } from '../repeats'
import type { JudgedCell } from './judged-cell'

/** Of one combination whose runs looked at the signal on its way forward: how many of its blocks are near the identity. */
export interface Identities {
  readonly labels: readonly string[]
  /** Shares of the blocks, over the seeds. */
  readonly share: Repeats
}

/** Combinations with blocks whose ratio is near 1 for a bad reason, in the order of the cells; runs that are done alone. */
export function identitiesOf(cells: readonly JudgedCell[]): Identities[] {
  const shares = new Map<string, { labels: readonly string[]; values: (number | null)[] }>()
  for (const { labels, run } of cells) {
    if (run?.state !== 'done') continue
    const key = JSON.stringify(labels)
    const known = shares.get(key) ?? { labels, values: [] }
    shares.set(key, { labels, values: [...known.values, run.measures.identityBlocks] })
  }
  return [...shares.values()].flatMap(({ labels, values }) => {
    const share = repeatsOf(values)
    return share && share.mean > 0 ? [{ labels, share }] : []
  })
}

/** What they say of the ratios, before they are listed. */
export const IDENTITIES_LEAD = `Ratio 1 for a bad reason: blocks near the identity (${IDENTITY_RULE}) are there, and ${BAD_REASON}.`

/** `pre-LN: 62 % ± 3 % of the blocks (n = 3)` */
export const identitiesLine = ({ labels, share }: Identities, show: (share: Repeats) => string): string =>
  `${labels.join(' · ')}: ${show(share)} of the blocks (n = ${share.count})`
