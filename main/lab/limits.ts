import os from 'node:os'
import { MachineLimits } from '../../shared/api'
import { UserError } from '../../shared/errors'
import type { Store } from '../store/store'
import type { Handlers } from './boundary'
import type { Ask } from './engine-handlers'

const SETTING = 'machineLimits'

const processor = (): string => os.cpus()[0]?.model.trim() || 'unknown'

/** What the machine reaches at most, measured once and kept. @param isBusy Whether a run goes on here. */
export function limitHandlers(
  store: Store,
  ask: Ask,
  isBusy: () => boolean,
): Pick<Handlers, 'lab.limits' | 'lab.measure-limits'> {
  return {
    'lab.limits'() {
      const kept = MachineLimits.safeParse(store.settings.get(SETTING))
      // A data folder may have come from another machine.
      return kept.success && kept.data.processor === processor() && kept.data.threads === os.cpus().length ? kept.data : null
    },
    async 'lab.measure-limits'() {
      if (isBusy())
        throw new UserError('a run is going on, and both would be slowed down', {
          remedy: 'measure the machine when none trains',
        })
      const found = await ask('limits', {})
      const limits = { ...found, processor: processor(), at: new Date().toISOString() }
      store.settings.set(SETTING, limits)
      return limits
    },
  }
}
