import type { ScheduleSettings } from './definition'
import { halfCosine } from './half-cosine'
import { CYCLE_START } from './one-cycle'

/** The rates of runs that were begun with both ends of the cosine on a step, the last one at 0, and with the top of a warm-up twice. @param share Of the way, 0–1. */
export const firstForms: Readonly<Record<string, (settings: ScheduleSettings, share: number) => number>> = {
  cosine: ({ rate, finalRate }, share) => halfCosine(rate, finalRate * rate, share),
  'one-cycle'({ rate, finalRate, peakAt }, share) {
    if (share < peakAt) return halfCosine(CYCLE_START * rate, rate, share / peakAt)
    return halfCosine(rate, finalRate * rate, peakAt === 1 ? 0 : (share - peakAt) / (1 - peakAt))
  },
}
