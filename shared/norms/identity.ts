import type { Signal } from './signal'

/** A unit with both is near the identity: its ratio this near to 1, and its branch less than this share of the signal. */
const NEAR_IDENTITY = { ratio: 0.05, share: 0.05 } as const

/**
 * The branch's share of what it is added to, b/(v + b), with b its variance and v that of what enters the unit; NaN where there is no branch. The two are taken as apart from one
 * another, and a skip that multiplies (DeepNorm) as one that does not, so that its branch's share is told too large.
 */
export function branchShares({ variances, branchVariances }: Signal): Float32Array {
  return branchVariances.map((branch, unit) => branch / (variances[unit]! + branch))
}

/** Units near the identity: their ratio is near 1 because they do little, and not because they keep the norm in what they do. */
export function nearIdentity(ratios: ArrayLike<number>, shares: Float32Array): number[] {
  return [...shares].flatMap((share, unit) => {
    const ratio = ratios[unit] ?? NaN
    return share < NEAR_IDENTITY.share && Math.abs(ratio - 1) < NEAR_IDENTITY.ratio ? [unit] : []
  })
}

/** Units that add a branch. */
export const withBranch = (shares: Float32Array): number =>
  shares.reduce((count, share) => count + (Number.isNaN(share) ? 0 : 1), 0)

const perCent = (share: number): string => `${share * 100} %`

/** What makes a unit one of these. */
export const IDENTITY_RULE = `ratio within ${perCent(NEAR_IDENTITY.ratio)} of 1, branch less than ${perCent(NEAR_IDENTITY.share)} of the variance`

/** Why a ratio near 1 says little there. */
export const BAD_REASON =
  'their ratio is near 1 because they do little, not because they keep the gradient’s norm in what they do'

/** A sentence on a network's blocks; null where none is near the identity. */
export function identityWords(ratios: ArrayLike<number>, signal: Signal): string | null {
  const shares = branchShares(signal)
  const [found, all] = [nearIdentity(ratios, shares).length, withBranch(shares)]
  if (found === 0) return null
  const who = all === 1 ? 'The block with a branch is' : `${found} of ${all} blocks with a branch ${found === 1 ? 'is' : 'are'}`
  const why =
    found === 1
      ? BAD_REASON.replace('their', 'its').replaceAll('they do', 'it does').replace('they keep', 'it keeps')
      : BAD_REASON
  return `${who} near the identity (${IDENTITY_RULE}): ${why}.`
}
