import { z } from 'zod'
import { setting } from './setting'

/** Distributions of the convolutions' initial entries; see docs/networks.md for their formulas. */
export const Initialiser = z.enum([
  'he-fan-in',
  'he-fan-out',
  'he-uniform-fan-in',
  'he-uniform-fan-out',
  'glorot-normal',
  'glorot-uniform',
  'lecun-normal',
  'lecun-uniform',
  'orthogonal',
  'delta-orthogonal',
])
export type Initialiser = z.infer<typeof Initialiser>

export const init = setting({
  label: 'Initialisation',
  says: 'Distribution of the kernels’ initial entries; the paper’s published code takes fan-out',
  group: 'start',
  schema: Initialiser.default('he-fan-in'),
  words: {
    'he-fan-in': 'He, fan-in',
    'he-fan-out': 'He, fan-out',
    'he-uniform-fan-in': 'He uniform, fan-in',
    'he-uniform-fan-out': 'He uniform, fan-out',
    'glorot-normal': 'Glorot',
    'glorot-uniform': 'Glorot uniform',
    'lecun-normal': 'LeCun',
    'lecun-uniform': 'LeCun uniform',
    orthogonal: 'Orthogonal',
    'delta-orthogonal': 'Delta-orthogonal',
  },
  option: { name: 'init', says: 'distribution of the initial values' },
})

/** σ_b of mean-field theory (Poole et al. 2016; Schoenholz et al. 2017), whose critical line is one of deviations of weights and biases. */
export const biasDeviation = setting({
  label: 'Biases’ deviation',
  says: 'Standard deviation of the biases’ initial values, which are normal of mean 0: σ_b of mean-field theory',
  also: ['bias-deviation', 'sigma-b', 'bias-std'],
  group: 'start',
  schema: z.number().min(0).max(1e6).default(0),
  option: { name: 'bias-deviation', value: 'D' },
})

/** Start the scale of the last batch norm of every residual block at 0 (Goyal et al. 2017). */
export const zeroGamma = setting({
  label: 'Zero-gamma',
  says: 'Starts every residual branch at zero, by the scale of its last batch norm',
  group: 'start',
  schema: z.boolean().default(false),
})

/** Layer-sequential unit variance (Mishkin and Matas 2016). */
export const lsuv = setting({
  label: 'Unit variance',
  says: 'Scales each kernel once, from the first layer to the last, so that what leaves its layer has variance 1 on the first batch: layer-sequential unit variance',
  also: ['layer-sequential-unit-variance'],
  group: 'start',
  schema: z.boolean().default(false),
})

/** What decides the values that a network begins with, but for its seed. */
export interface InitialValues {
  readonly init: Initialiser
  readonly biasDeviation: number
  readonly lsuv: boolean
  readonly zeroGamma: boolean
}

/** Of a run's training, say. */
export function initialValuesOf({ init, biasDeviation, lsuv, zeroGamma }: InitialValues): InitialValues {
  return { init, biasDeviation, lsuv, zeroGamma }
}
