import { z } from 'zod'
import { closest } from '../closest'
import { cutText } from '../cut-text'
import { UserError } from '../errors'
import { finite, share } from './family'
import { COURSES, SCHEDULE_NAMES, type ScheduleDefinition, type ScheduleName, schedules } from '../schedules'
import { type SettingReader, setting } from './setting'

const taken = (of: SettingReader): ScheduleDefinition | undefined =>
  SCHEDULE_NAMES.filter((name) => name === of('training.schedule')).map((name) => schedules[name])[0]
/** Whether a run's schedule reads a setting. */
const reads =
  (name: ScheduleDefinition['settings'][number]) =>
  (of: SettingReader): boolean =>
    taken(of)?.settings.includes(name) ?? false
const hasEnd = (of: SettingReader): boolean => taken(of)?.hasEnd ?? false
/** As a word of the command line. */
const isCourse = (text: string): text is (typeof COURSES)[number] => (COURSES as readonly string[]).includes(text)
const hasMilestones = (of: SettingReader): boolean => {
  const milestones = of('training.milestones')
  return (
    reads('factor')(of) && (typeof milestones === 'string' ? milestones.trim() !== '' : (milestones as unknown[])?.length > 0)
  )
}

/** Course of the rate after the warm-up. */
export const schedule = setting({
  label: 'Schedule',
  says: `Course of the rate after the warm-up. ${SCHEDULE_NAMES.map((name) => `${schedules[name].label}: ${schedules[name].source}`).join('. ')}`,
  group: 'schedule',
  schema: z.enum(SCHEDULE_NAMES).default('steps'),
  words: Object.fromEntries(SCHEDULE_NAMES.map((name) => [name, schedules[name].label])),
  option: {
    name: 'schedule',
    value: 'COURSE',
    says: `multiply the rate by 0.1, or another factor, after these epochs: 150,225 or 150,225*0.2; or ${COURSES.join(', or ')}`,
    usual: 'constant',
    read: (text) =>
      Object.fromEntries(Object.entries(parseSchedule(text)).map(([name, value]) => [`training.${name}`, value] as const)),
    write(of) {
      if (of('training.schedule') !== 'steps') return String(of('training.schedule'))
      const milestones = of('training.milestones') as number[]
      const isRising = milestones.every((epoch, i) => epoch > (milestones[i - 1] ?? 0))
      if (milestones.length === 0 || !isRising) return undefined
      const by = of('training.factor')
      return `${milestones.join(',')}${by === 0.1 ? '' : `*${String(by)}`}`
    },
  },
})

/**
 * A schedule's name (`cosine`), or `150,225` or `150,225*0.1`: the epochs after which the rate is multiplied by the factor (0.1 where none is said).
 *
 * @throws UserError where it is none of these.
 */
export function parseSchedule(text: string): {
  schedule: ScheduleName
  milestones?: number[]
  factor?: number
} {
  if (isCourse(text)) return { schedule: text }
  const place = '--schedule'
  const remedy = `write it like 150,225*0.1, or ${COURSES.join(' or ')}`
  const meant = closest(text, COURSES)
  if (meant !== undefined) throw new UserError(`there is no schedule "${cutText(text)}"`, { place, remedy: `perhaps ${meant}` })
  const number = (part: string): number => {
    const value = part.trim() === '' ? NaN : Number(part)
    if (!Number.isFinite(value)) throw new UserError(`"${cutText(part)}" is not a number`, { place, remedy })
    return value
  }
  const [epochs, factor, ...rest] = text.split('*')
  if (rest.length > 0) throw new UserError(`"${cutText(text)}" has more than one factor`, { place, remedy })
  const milestones = epochs!.split(',').map(number)
  if (milestones.some((epoch, i) => epoch <= (milestones[i - 1] ?? 0)))
    throw new UserError(`the epochs of "${cutText(text)}" do not increase`, { place, remedy })
  return { schedule: 'steps', milestones, ...(factor !== undefined && { factor: number(factor) }) }
}

/** `steps`: epochs after which the rate is multiplied by `factor`: [150, 225]. */
export const milestones = setting({
  label: 'Milestones',
  says: 'Epochs after which the rate is multiplied by the factor',
  unit: 'epochs',
  group: 'schedule',
  schema: z.array(z.number().min(0)).max(1000).default([]),
  absent: 'none',
  applies: reads('milestones'),
})

export const factor = setting({
  label: 'Factor',
  says: 'What the rate is multiplied by at a milestone',
  group: 'schedule',
  schema: finite.min(0).max(1000).default(0.1),
  applies: hasMilestones,
})

/** Epochs, or parts of one, over which the rate rises from 0 in a straight line. */
export const warmup = setting({
  label: 'Warm-up',
  says: 'Epochs, or parts of one, in which the rate rises from 0 in a straight line',
  unit: 'epochs',
  group: 'schedule',
  schema: finite.min(0).max(100_000).default(0),
  option: { name: 'warmup', value: 'EPOCHS', says: 'let the rate rise in a straight line before' },
})

/** The rate that a schedule heads for as a share of the highest. */
export const finalRate = setting({
  label: 'Last rate',
  says: 'What the schedule heads for, as a share of the rate',
  unit: '× rate',
  group: 'schedule',
  schema: share.default(0),
  applies: reads('finalRate'),
})

/** `one-cycle`: share of all steps at which the rate is highest. */
export const peakAt = setting({
  label: 'Peak at',
  says: 'Share of the steps at which one cycle’s rate is highest',
  unit: '× steps',
  group: 'schedule',
  schema: share.default(0.3),
  applies: reads('peakAt'),
})

/** Steps that a schedule with an end takes. Behind them its last rate goes on. */
export const horizon = setting({
  label: 'Horizon',
  says: 'Steps that a schedule with an end takes; its last rate goes on behind them',
  unit: 'steps',
  group: 'schedule',
  schema: z.number().int().min(1).max(100_000_000).optional(),
  absent: 'all of the run',
  applies: hasEnd,
})

/** Runs that were begun with formulas that are no longer in use keep them; see `rateAt`. */
export const scheduleForm = setting({
  label: 'Form of the formula',
  says: 'Which form the formulas of cosine and one cycle have; 1 is that of older runs, whose last step may have no rate',
  group: 'schedule',
  schema: z.number().int().min(1).max(2).default(2),
  applies: (of) => hasEnd(of) && Number(of('training.scheduleForm')) === 1,
})
