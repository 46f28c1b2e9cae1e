import { UserError } from '../../shared/errors'
import type { Checkpoints } from '../store/checkpoints'
import { curves, shareWithinBound, unitRatio } from '../store/series'
import type { Store } from '../store/store'
import type { Handlers } from './boundary'

/** Steps × boundaries that one answer of `runs.steps` may hold: 256 MB. */
const MOST_NORMS = 64e6

type Reading = 'runs.checkpoints' | 'runs.steps' | 'runs.curves' | 'runs.within' | 'runs.unit' | 'runs.epochs'

/** What a run has measured and kept. */
export function runReadings(store: Store, checkpoints: Checkpoints): Pick<Handlers, Reading> {
  return {
    'runs.checkpoints'({ run }) {
      store.runs.get(run)
      const last = store.steps.lastNumber(run)
      return checkpoints.of(run).files.flatMap(({ step }) => (step <= last ? [{ step }] : []))
    },
    'runs.steps'({ run, from, to }) {
      const { units } = store.runs.get(run)
      if ((Math.min(to, store.steps.lastNumber(run)) - from + 1) * (units.length + 1) > MOST_NORMS)
        throw new UserError('that is too much for one answer', {
          place: `steps ${from} to ${to} of run ${run}`,
          remedy: 'ask for fewer steps at once',
        })
      return store.steps.between(run, from, to)
    },
    'runs.curves'({ run, from, to }) {
      store.runs.get(run)
      return curves(store, run, from, to)
    },
    'runs.within': ({ run, c, from }) => shareWithinBound(store, run, store.runs.get(run).units, c, from),
    'runs.unit'({ run, unit, from }) {
      const { units } = store.runs.get(run)
      if (unit >= units.length) throw new UserError(`run ${run} has ${units.length} units`, { place: `unit ${unit + 1}` })
      return unitRatio(store, run, unit, from)
    },
    'runs.epochs'({ run }) {
      store.runs.get(run)
      return store.epochs.all(run)
    },
  }
}
