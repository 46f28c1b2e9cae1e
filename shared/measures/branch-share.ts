import { branchShares } from '../norms/identity'
import { defineMeasure } from './measure'
import { signalOf } from './signal-of'

/** Mean over the deepest quarter of the blocks with a branch. */
export const branchShare = defineMeasure({
  name: 'branchShare',
  label: 'branch share, deepest quarter',
  unit: 'of the variance where it is added',
  over: 'run',
  form: 'share',
  scale: 'share',
  better: null,
  run: {
    moment: 'last look at the signal',
    of({ lastLooked, sets }) {
      const signal = signalOf(lastLooked, sets.all.count)
      if (!signal) return null
      const shares = branchShares(signal).filter((share) => !Number.isNaN(share))
      const deepest = shares.slice(-Math.ceil(shares.length / 4))
      return shares.length === 0 ? null : deepest.reduce((sum, share) => sum + share, 0) / deepest.length
    },
  },
})
