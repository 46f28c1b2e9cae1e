import { Training } from '../../../../shared/configuration'
import type { OptimiserSettings } from '../../../../shared/optimisers'

const USUAL = Training.parse({})

/** What updates may depend on, with the usual values of what is left out. */
export function optimiserSettings(options?: Partial<Training>): OptimiserSettings {
  return {
    ...filled(USUAL, options),
    ...{ muon: filled(USUAL.muon, options?.muon), soap: filled(USUAL.soap, options?.soap) },
  }
}

/** With the usual value of what is absent or undefined. */
function filled<T extends object>(usual: T, given: Partial<T> = {}): T {
  return { ...usual, ...Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) }
}
