import os from 'node:os'
import { MachineLimits } from '../../shared/api'
import { UserError } from '../../shared/errors'
import type { Store } from '../store/store'
import type { Handlers } from './boundary'
import type { Jobs } from './jobs'

const SETTING = 'machineLimits'

const processor = (): string => os.cpus()[0]?.model.trim() || 'unknown'

/** What the machine reaches at most, measured once and kept. @param isTraining Whether a run's steps are taken here. */
export function limitHandlers(
  store: Store,
  jobs: Jobs,
  isTraining: () => boolean,
): Pick<Handlers, 'lab.limits' | 'lab.measure-limits'> {
  const refusal = (): UserError | null =>
    isTraining()
      ? new UserError('a run is going on, and both would be slowed down', {
          remedy: 'pause it, or measure the machine when it has ended',
        })
      : null
  const requireRest = (): void => {
    const refused = refusal()
    if (refused) throw refused
  }
  return {
    'lab.limits'() {
      const kept = MachineLimits.safeParse(store.settings.get(SETTING))
      // A data folder may have come from another machine.
      const isOurs = kept.success && kept.data.processor === processor() && kept.data.threads === os.cpus().length
      return { limits: isOurs ? kept.data : null, refusal: refusal()?.message ?? null }
    },
    async 'lab.measure-limits'(_, control) {
      requireRest()
      const found = await jobs.run('limits', {}, control)
      // What was measured beside a run that began meanwhile is no limit.
      requireRest()
      const limits = { ...found, processor: processor(), at: new Date().toISOString() }
      store.settings.set(SETTING, limits)
      return limits
    },
  }
}
