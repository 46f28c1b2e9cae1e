import type { InitialChoice } from '../../../main/engine/training/start-values'
import { InitialWeights } from '../../../shared/initial-weights'

/** Initial values of a seed, as usual but for these settings, on the built-in sets. */
export const initialChoice = (seed: number, settings: object = {}): InitialChoice => ({
  ...InitialWeights.parse({ ...settings, seed }),
  dataFolder: '',
})
