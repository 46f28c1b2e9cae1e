import type { Training } from '../../../shared/configuration'

export { totalSteps } from '../../../shared/run-length'

export type Schedule = Pick<Training, 'rate' | 'schedule' | 'milestones' | 'factor' | 'warmup' | 'finalRate' | 'peakAt'>

/** Where one cycle begins, as a share of its highest rate: the usual choice of Smith and Topin's programs. */
const CYCLE_START = 1 / 25

/**
 * Learning rate of a step.
 *
 * - `steps`: the rate times the factor for each milestone (epochs) that lies behind.
 * - `cosine` (Loshchilov and Hutter 2017): from the rate to `finalRate` times it along half a cosine, over all steps after the warm-up.
 * - `one-cycle` (Smith and Topin 2018): from 1/25 of the rate up to it at `peakAt` of these steps, and down to `finalRate` times it.
 *
 * In the warm-up's epochs the rate rises in a straight line to the schedule's first rate (Goyal et al. 2017).
 *
 * @param step From 1.
 * @param total Steps of the whole run.
 */
export function rateAt(training: Schedule, step: number, stepsPerEpoch: number, total: number): number {
  const { rate, schedule, milestones, factor, warmup, finalRate, peakAt } = training
  const warmupSteps = Math.min(Math.round(warmup * stepsPerEpoch), total)
  const done = Math.max(step - 1 - warmupSteps, 0)
  const share = total - warmupSteps <= 1 ? 0 : done / (total - warmupSteps - 1)
  const course = (): number => {
    if (schedule === 'steps') {
      const epochs = (step - 1) / stepsPerEpoch
      return rate * factor ** milestones.filter((milestone) => milestone <= epochs).length
    }
    if (schedule === 'cosine') return between(rate, finalRate * rate, share)
    if (share < peakAt) return between(CYCLE_START * rate, rate, share / peakAt)
    return between(rate, finalRate * rate, peakAt === 1 ? 0 : (share - peakAt) / (1 - peakAt))
  }
  return step <= warmupSteps ? (course() * step) / warmupSteps : course()
}

/** From a to b along half a cosine. @param share 0–1. */
const between = (a: number, b: number, share: number): number => b + ((a - b) * (1 + Math.cos(Math.PI * share))) / 2
