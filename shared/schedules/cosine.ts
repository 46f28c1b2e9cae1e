import type { ScheduleDefinition } from './definition'
import { halfCosine } from './half-cosine'

/**
 * f + (1 − f)·(1 + cos(π·i/N))/2 of the rate, f being `finalRate`: PyTorch's CosineAnnealingLR with T_max = N. It heads for f and would be there
 * one step after the last, so that with f = 0 no step is without a rate.
 */
export const cosine: ScheduleDefinition = {
  name: 'cosine',
  label: 'Cosine',
  words: 'the cosine',
  source: 'Loshchilov and Hutter 2017; PyTorch’s CosineAnnealingLR',
  settings: ['finalRate'],
  hasEnd: true,
  rate: ({ rate, finalRate }, { i, count }) => halfCosine(rate, finalRate * rate, i / count),
}
