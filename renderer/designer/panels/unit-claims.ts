import type { NetworkCheck } from '../../../shared/architecture/check'
import type { Theory, UnitTheory } from '../../../shared/architecture/theory'
import { counted } from './figures'

/** What the theory says of a unit, with what becomes of the shape in it. */
export interface UnitClaim extends UnitTheory {
  /** What leaves it has another shape than what enters it; false where either is not known. */
  readonly changesShape: boolean
  /** It is one of the blocks that the theorem is about: an identity skip, a branch without attention, and a sum that leaves the block in the same shape. */
  readonly isBounded: boolean
}

const BEHIND_THE_SUM =
  'No bound: the shape changes behind its sum, and the theorem is about blocks that the sum leaves (arXiv 1805.07477, theorem 1).'

/** The theory of the units of a network, each path once, with what its check knows of shapes and copies. */
export function unitClaims(theory: Theory, check: NetworkCheck): UnitClaim[] {
  const checked = new Map(check.units.map((unit) => [unit.path, unit]))
  const claims = new Map<string, UnitClaim>()
  for (const unit of theory.units) {
    const found = checked.get(unit.path)
    if (!found || claims.has(unit.path)) continue
    const { copies, enters, leaves } = found
    const changesShape = enters !== null && leaves !== null && enters.join() !== leaves.join()
    const hasIdentity = unit.kind === 'block' && unit.skip === 'identity'
    const claim = hasIdentity && changesShape ? BEHIND_THE_SUM : unit.claim
    claims.set(unit.path, {
      ...unit,
      copies,
      claim,
      changesShape,
      isBounded: hasIdentity && !changesShape && unit.beyond === null,
    })
  }
  return [...claims.values()]
}

/** A unit and what is said of it, as lists of them show it. */
export interface SaidOfUnit {
  readonly path: string
  readonly copies: number
  readonly why: string
}

/** All units that change the shape, and transitions of which that is not known to be otherwise. */
export function shapeChanges(claims: readonly UnitClaim[], theory: Theory, check: NetworkCheck): SaidOfUnit[] {
  const special = new Map(theory.transitions.map(({ path, why }) => [path, why]))
  const unknown = new Set(check.units.filter(({ enters, leaves }) => !enters || !leaves).map(({ path }) => path))
  return claims
    .filter(({ path, changesShape }) => changesShape || (unknown.has(path) && special.has(path)))
    .map(({ path, copies, claim }) => ({ path, copies, why: special.get(path) ?? claim }))
}

/** For which blocks the theorem speaks, in words, and the L of its bound. */
export interface BoundWords {
  /** Whether a bound follows: it is for at least one block. */
  readonly isBounded: boolean
  /** `7 of 9 blocks have an identity skip`; a clause that the bound follows, or a sentence. */
  readonly who: string
  readonly notes: readonly string[]
}

/** @param blocks L, as a run counts it. */
export function boundWords(claims: readonly UnitClaim[], blocks: number): BoundWords {
  const sum = (some: readonly UnitClaim[]): number => some.reduce((total, { copies }) => total + copies, 0)
  const bounded = claims.filter(({ isBounded }) => isBounded)
  const count = sum(bounded)
  const beyond = new Set(claims.map((claim) => claim.beyond))
  const without = [beyond.has('attention') && ' and no attention', beyond.has('gate') && ' and no gate'].filter(Boolean).join('')
  if (count === 0) {
    const identities = claims.filter(({ kind, skip }) => kind === 'block' && skip === 'identity')
    const keeps = identities.length > 0 ? ' and keeps the shape' : ''
    const what = `has an identity skip${identities.some(({ changesShape }) => !changesShape) ? without : keeps}`
    const none = `${blocks === 1 ? 'no block' : `none of the ${blocks} blocks`} ${what}`
    return { isBounded: false, who: `The theorem does not apply: ${none}.`, notes: ['The curve is for blocks that have one.'] }
  }
  const behind = (what: 'activation' | 'norm'): string[] => {
    const followed = sum(bounded.filter((claim) => claim.behind === what))
    if (followed === 0) return []
    const which = followed === count ? (count === 1 ? 'it' : 'all of these') : `${followed} of these`
    const follows = what === 'norm' ? 'a norm' : 'an activation'
    return [`In ${which} ${follows} follows the sum, and the ratio is measured behind it, which the theorem is not about.`]
  }
  return {
    isBounded: true,
    who:
      blocks === 1
        ? 'The block has an identity skip'
        : count === blocks
          ? `All ${blocks} blocks have an identity skip`
          : `${count} of ${blocks} blocks ${count === 1 ? 'has' : 'have'} an identity skip${without}`,
    notes: [
      `L is ${counted(blocks, 'block')}, as a run counts them. The theorem says that there is a c, not which.`,
      ...behind('activation'),
      ...behind('norm'),
    ],
  }
}
