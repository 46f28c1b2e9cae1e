import type { Training } from '../configuration'
import { epochsOfSteps, totalSteps } from '../run-length'
import { firstForms } from './first-form'
import { schedules } from './index'

export type Schedule = Pick<
  Training,
  'rate' | 'schedule' | 'milestones' | 'factor' | 'warmup' | 'finalRate' | 'peakAt' | 'horizon' | 'scheduleForm'
>

/**
 * Learning rate of a step, by its schedule's own file. With w the steps of the warm-up, i = step − max(w, 1) are those since its last (or since the
 * first), and N as many as there are in all, counted with that one. In the warm-up the rate rises in a straight line, step/w, to the schedule's first
 * rate, which its last step has (Goyal et al. 2017). Behind the schedule's horizon its last rate goes on. Runs of the first form (`scheduleForm`) have
 * the rates that they began with.
 *
 * @param step From 1.
 * @param total Steps of the whole run.
 */
export function rateAt(training: Schedule, step: number, stepsPerEpoch: number, total: number): number {
  const { schedule, scheduleForm } = training
  const length = hasEnd(training) ? (training.horizon ?? total) : total
  const at = Math.min(step, length)
  const warmupSteps = Math.min(Math.round(training.warmup * stepsPerEpoch), length)
  const before = Math.max(warmupSteps, 1)
  const first = scheduleForm === 1 ? firstForms[schedule] : undefined
  const rate = first
    ? first(training, length - warmupSteps <= 1 ? 0 : Math.max(at - 1 - warmupSteps, 0) / (length - warmupSteps - 1))
    : schedules[schedule].rate(training, {
        epochs: (step - 1) / stepsPerEpoch,
        i: Math.max(at - before, 0),
        count: length - before + 1,
      })
  return at <= warmupSteps ? (rate * at) / warmupSteps : rate
}

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
export const hasEnd = ({ schedule }: Pick<Schedule, 'schedule'>): boolean => schedules[schedule].hasEnd

/** Whether a run is shorter than its warm-up, which then is as long as the run. */
const isAllWarmup = ({ warmup }: Schedule, total: number, stepsPerEpoch: number): boolean =>
  Math.round(warmup * stepsPerEpoch) > total

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
  if (!(hasEnd(before) || isAllWarmup(before, from, stepsPerEpoch)) || from === to || done === 0) return undefined
  const rate = (training: Schedule, step: number, total: number): string =>
    String(Number(rateAt(training, step, stepsPerEpoch, total).toPrecision(6)))
  const course = hasEnd(before) ? schedules[before.schedule].words : 'the warm-up'
  const [last, next] = [rate(before, done, from), rate(after, done + 1, to)]
  if (after.horizon !== undefined) {
    if (to <= after.horizon) return undefined
    const end = rate(after, after.horizon, to)
    return `the run gets ${to} steps in place of ${from}: ${course} keeps its end at step ${after.horizon}, and its last rate, ${end}, goes on`
  }
  return `the run gets ${to} steps in place of ${from}, and ${course} is stretched over them: the rate goes from ${last} at step ${done} to ${next} at step ${done + 1}`
}

/** Whether a notice is that of `scheduleChange` on a stretched schedule: then the run's settings alone make another run. */
export const tellsStretch = (message: string): boolean =>
  /^the run gets \d+ steps in place of \d+, and .* is stretched over them: /.test(message)
