import type { Training } from './configuration'
import { epochsOfSteps, totalSteps } from './run-length'

export type Schedule = Pick<
  Training,
  'rate' | 'schedule' | 'milestones' | 'factor' | 'warmup' | 'finalRate' | 'peakAt' | 'horizon' | 'scheduleForm'
>

/** Where one cycle begins, as a share of its highest rate, and where it ends, as a share of that, unless asked otherwise: PyTorch's OneCycleLR. */
const CYCLE_START = 1 / 25
const CYCLE_END = CYCLE_START / 1e4

/**
 * Learning rate of a step. With w the steps of the warm-up, i = step − max(w, 1) those since its last (or since the first), and N of them
 * in all, counted with that one:
 *
 * - `steps`: the rate times the factor for each milestone (epochs) that lies behind.
 * - `cosine` (Loshchilov and Hutter 2017): f + (1 − f)·(1 + cos(π·i/N))/2 of the rate, f being `finalRate`: PyTorch's CosineAnnealingLR
 *   with T_max = N. It heads for f and would be there one step after the last, so that with f = 0 no step is without a rate.
 * - `one-cycle` (Smith and Topin 2018): along half a cosine from 1/25 of the rate up to it at the p-th of these steps, p being
 *   `peakAt`·N in whole steps, and along another down to `finalRate` times it, or 1/250,000 where that is 0, at the last:
 *   PyTorch's OneCycleLR, but that its peak may lie between two steps, and none of them have the rate.
 *
 * In the warm-up the rate rises in a straight line, step/w, to the schedule's first rate, which its last step has (Goyal et al. 2017).
 * Behind the schedule's horizon its last rate goes on. Runs of the first form (`scheduleForm`) have the rates that they began with.
 *
 * @param step From 1.
 * @param total Steps of the whole run.
 */
export function rateAt(training: Schedule, step: number, stepsPerEpoch: number, total: number): number {
  const { schedule } = training
  const length = schedule === 'steps' ? total : (training.horizon ?? total)
  const at = Math.min(step, length)
  const warmupSteps = Math.min(Math.round(training.warmup * stepsPerEpoch), length)
  const place = { at, warmupSteps, length }
  const rate = schedule === 'steps' ? byMilestones(training, (step - 1) / stepsPerEpoch) : COURSES[schedule](training, place)
  return at <= warmupSteps ? (rate * at) / warmupSteps : rate
}

interface Place {
  /** From 1. */
  readonly at: number
  readonly warmupSteps: number
  /** Steps that the schedule takes, its warm-up among them. */
  readonly length: number
}

/** @param epochs That lie behind. */
function byMilestones({ rate, milestones, factor }: Schedule, epochs: number): number {
  return rate * factor ** milestones.filter((milestone) => milestone <= epochs).length
}

/** Steps since the last of the warm-up, or since the first, and how many there are with that one. */
function sinceWarmup({ at, warmupSteps, length }: Place): { i: number; count: number } {
  const before = Math.max(warmupSteps, 1)
  return { i: Math.max(at - before, 0), count: length - before + 1 }
}

const COURSES: Readonly<Record<'cosine' | 'one-cycle', (training: Schedule, place: Place) => number>> = {
  cosine(training, place) {
    if (training.scheduleForm === 1) return firstForm(training, place)
    const { i, count } = sinceWarmup(place)
    return between(training.rate, training.finalRate * training.rate, i / count)
  },
  'one-cycle'(training, place) {
    if (training.scheduleForm === 1) return firstForm(training, place)
    const { rate, finalRate, peakAt } = training
    const { i, count } = sinceWarmup(place)
    const peak = Math.max(Math.round(peakAt * count) - 1, 0)
    if (i < peak) return between(CYCLE_START * rate, rate, i / peak)
    return between(rate, (finalRate || CYCLE_END) * rate, i === peak ? 0 : (i - peak) / (count - 1 - peak))
  },
}

/** The rates of runs that were begun with both ends of the cosine on a step, the last one at 0, and with the top of a warm-up twice. */
function firstForm({ schedule, rate, finalRate, peakAt }: Schedule, { at, warmupSteps, length }: Place): number {
  const done = Math.max(at - 1 - warmupSteps, 0)
  const share = length - warmupSteps <= 1 ? 0 : done / (length - warmupSteps - 1)
  if (schedule === 'cosine') return between(rate, finalRate * rate, share)
  if (share < peakAt) return between(CYCLE_START * rate, rate, share / peakAt)
  return between(rate, finalRate * rate, peakAt === 1 ? 0 : (share - peakAt) / (1 - peakAt))
}

/** From a to b along half a cosine. @param share 0–1. */
const between = (a: number, b: number, share: number): number => b + ((a - b) * (1 + Math.cos(Math.PI * share))) / 2

type Length = Pick<Training, 'epochs' | 'steps'>

/**
 * A run's settings with another length.
 *
 * @param epochs, steps What is asked for; epochs alone lift a limit in steps, and steps alone mean as many epochs as they make.
 * @param keepsSchedule Whether the schedule ends where it ended before, and its last rate goes on.
 */
export function prolonged<T extends Schedule & Length>(
  training: T,
  { epochs, steps }: { readonly epochs?: number | undefined; readonly steps?: number | undefined },
  keepsSchedule: boolean,
  stepsPerEpoch: number,
): T {
  const { steps: limit, ...rest } = training
  const most = steps ?? (epochs === undefined ? limit : undefined)
  const horizon = training.horizon ?? totalSteps(training, stepsPerEpoch)
  return {
    ...rest,
    epochs: epochs ?? (steps === undefined ? training.epochs : epochsOfSteps(steps, stepsPerEpoch)),
    ...(most !== undefined && { steps: most }),
    ...(keepsSchedule && hasEnd(training) && { horizon }),
  } as T
}

/** Whether a schedule's rates depend on how many steps a run has. */
export const hasEnd = ({ schedule }: Pick<Schedule, 'schedule'>): boolean => schedule !== 'steps'

/**
 * What another length does to a run's schedule, in one sentence for the reader; undefined where its rates are what they were.
 *
 * @param done Steps that the run has.
 */
export function scheduleChange(
  before: Schedule & Length,
  after: Schedule & Length,
  done: number,
  stepsPerEpoch: number,
): string | undefined {
  const [from, to] = [totalSteps(before, stepsPerEpoch), totalSteps(after, stepsPerEpoch)]
  if (!hasEnd(before) || from === to || done === 0) return undefined
  const rate = (training: Schedule, step: number, total: number): string =>
    String(Number(rateAt(training, step, stepsPerEpoch, total).toPrecision(6)))
  const course = before.schedule === 'cosine' ? 'the cosine' : 'the one cycle'
  const [last, next] = [rate(before, done, from), rate(after, done + 1, to)]
  if (after.horizon !== undefined) {
    if (to <= after.horizon) return undefined
    const end = rate(after, after.horizon, to)
    return `the run gets ${to} steps in place of ${from}: ${course} keeps its end at step ${after.horizon}, and its last rate, ${end}, goes on`
  }
  return `the run gets ${to} steps in place of ${from}, and ${course} is stretched over them: the rate goes from ${last} at step ${done} to ${next} at step ${done + 1}`
}
