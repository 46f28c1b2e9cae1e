import { z } from 'zod'
import { DataChoice, Training } from './configuration'
import { schemas } from './settings'

const { init, biasDeviation, lsuv, zeroGamma, batch, standardisation } = Training.shape

/** Settings of a run that decide the values that it begins with; those of the data only where they are scaled to unit variance. */
export const InitialWeights = z.strictObject({
  seed: schemas.seed,
  ...{ init, biasDeviation, lsuv, zeroGamma },
  /** What the first batch is of. */
  ...{ data: DataChoice.prefault({}), batch, standardisation },
})
export type InitialWeights = z.output<typeof InitialWeights>

/** `initial values (he-fan-in, seed 1, biases’ deviation 0.05)` */
export function initialWords({ init, seed, biasDeviation, lsuv, zeroGamma, data, batch }: InitialWeights): string {
  const more = [
    ...(biasDeviation > 0 ? [`biases’ deviation ${biasDeviation}`] : []),
    ...(zeroGamma ? ['zero-gamma'] : []),
    ...(lsuv ? [`unit variance on ${batch} images of ${data.name}`] : []),
  ]
  return `initial values (${[init, `seed ${seed}`, ...more].join(', ')})`
}
