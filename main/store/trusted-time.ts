import type { Store } from './store'

const DAY_MS = 86_400_000
const HOUR_MS = 3_600_000

/**
 * The time by which what was deleted long ago is ended for good. A clock that was set wrong once must not empty the basket: it is believed for one day
 * more each time that the data folder is opened. Who comes back after a long time has things a little longer.
 *
 * @returns milliseconds since 1970; 0 the first time, by which nothing is old.
 */
export function trustedTime(store: Store, now = Date.now()): number {
  const last = store.settings.get('trustedTime')
  const known = typeof last === 'number' && Number.isFinite(last)
  const trusted = known ? Math.min(now, last + DAY_MS) : now
  if (!known || Math.abs(trusted - last) > HOUR_MS) store.settings.set('trustedTime', trusted)
  return known ? trusted : 0
}
