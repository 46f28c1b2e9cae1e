import { Training } from '../../../../shared/configuration'
import type { OptimiserSettings } from '../../../../shared/optimisers'
import type { Optimiser } from '../optimise'

const USUAL = Training.parse({})

/** What updates may depend on, with the usual values of what is left out. */
export function optimiserSettings(options?: Optimiser): OptimiserSettings {
  return { ...USUAL, ...options }
}
