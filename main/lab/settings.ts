import type { LabSettings } from '../../shared/api'
import type { Store } from '../store/store'

/** Runs that train at the same time; one where nobody has said otherwise, since runs share the cores. */
export function parallelRuns(store: Store): number {
  const value = store.settings.get('parallelRuns')
  return typeof value === 'number' ? value : 1
}

export function labSettings(store: Store): LabSettings {
  const baseline = store.settings.get('baseline')
  return { parallelRuns: parallelRuns(store), baseline: typeof baseline === 'number' ? baseline : null }
}
