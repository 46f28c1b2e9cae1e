import type { ScheduleDefinition } from './definition'
import { halfCosine } from './half-cosine'

/** Where one cycle begins, as a share of its highest rate, and where it ends, as a share of that, unless asked otherwise: PyTorch's OneCycleLR. */
export const CYCLE_START = 1 / 25
const CYCLE_END = CYCLE_START / 1e4

/**
 * Along half a cosine from 1/25 of the rate up to it at the p-th of these steps, p being `peakAt`·N in whole steps, and along another down to
 * `finalRate` times it, or 1/250,000 where that is 0, at the last: PyTorch's OneCycleLR, but that its peak may lie between two steps, and none of
 * them have the rate.
 */
export const oneCycle: ScheduleDefinition = {
  name: 'one-cycle',
  label: 'One cycle',
  words: 'the one cycle',
  source: 'Smith and Topin 2018; PyTorch’s OneCycleLR',
  settings: ['finalRate', 'peakAt'],
  hasEnd: true,
  rate({ rate, finalRate, peakAt }, { i, count }) {
    const peak = Math.max(Math.round(peakAt * count) - 1, 0)
    if (i < peak) return halfCosine(CYCLE_START * rate, rate, i / peak)
    return halfCosine(rate, (finalRate || CYCLE_END) * rate, i === peak ? 0 : (i - peak) / (count - 1 - peak))
  },
}
