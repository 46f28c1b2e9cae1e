import type { LabSettings } from '../../shared/api'
import { parallelRuns as declared } from '../../shared/settings/lab'
import type { Store } from '../store/store'

/** Runs that train at the same time; one where nobody has said otherwise, since runs share the cores. */
export function parallelRuns(store: Store): number {
  const value = store.settings.get('parallelRuns')
  return declared.schema.parse(typeof value === 'number' ? value : undefined)
}

export function labSettings(store: Store): LabSettings {
  const baseline = store.settings.get('baseline')
  return { parallelRuns: parallelRuns(store), baseline: typeof baseline === 'number' ? baseline : null }
}
