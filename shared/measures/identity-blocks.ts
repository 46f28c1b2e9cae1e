import { branchShares, IDENTITY_RULE, nearIdentity, withBranch } from '../norms/identity'
import { defineMeasure } from './measure'
import { signalOf } from './signal-of'

/** Share of the blocks with a branch whose ratio is near 1 for a bad reason. */
export const identityBlocks = defineMeasure({
  name: 'identityBlocks',
  also: ['identities'],
  label: 'blocks near the identity',
  unit: IDENTITY_RULE,
  over: 'run',
  form: 'share',
  scale: 'share',
  better: 'low',
  run: {
    moment: 'last look at the signal whose norms were measured',
    of({ lastLookedMeasured, sets }) {
      const signal = signalOf(lastLookedMeasured, sets.all.count)
      if (!signal) return null
      const shares = branchShares(signal)
      const all = withBranch(shares)
      return all === 0 ? null : nearIdentity(lastLookedMeasured!.ratios.all, shares).length / all
    },
  },
})
