import { z } from 'zod'
import { closest } from '../closest'
import { cutText } from '../cut-text'
import { UserError } from '../errors'
import { finite, share } from './family'
import { type SettingReader, setting } from './setting'

const is =
  (...courses: readonly string[]) =>
  (of: SettingReader): boolean =>
    courses.includes(String(of('training.schedule')))
const hasEnd = is('cosine', 'one-cycle')
const hasMilestones = (of: SettingReader): boolean => {
  const milestones = of('training.milestones')
  return is('steps')(of) && (typeof milestones === 'string' ? milestones.trim() !== '' : (milestones as unknown[])?.length > 0)
}

/** Course of the rate after the warm-up. */
export const schedule = setting({
  label: 'Schedule',
  says: 'Course of the rate after the warm-up',
  group: 'schedule',
  schema: z.enum(['steps', 'cosine', 'one-cycle']).default('steps'),
  words: { steps: 'Milestones', cosine: 'Cosine', 'one-cycle': 'One cycle' },
  option: {
    name: 'schedule',
    value: 'COURSE',
    says: 'multiply the rate by 0.1, or another factor, after these epochs: 150,225 or 150,225*0.2; or cosine, or one-cycle',
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
 * `cosine`, `one-cycle`, or `150,225` or `150,225*0.1`: the epochs after which the rate is multiplied by the factor (0.1 where none is said).
 *
 * @throws UserError where it is none of these.
 */
export function parseSchedule(text: string): {
  schedule: 'steps' | 'cosine' | 'one-cycle'
  milestones?: number[]
  factor?: number
} {
  if (text === 'cosine' || text === 'one-cycle') return { schedule: text }
  const place = '--schedule'
  const remedy = 'write it like 150,225*0.1, or cosine or one-cycle'
  const meant = closest(text, ['cosine', 'one-cycle'])
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
  applies: is('steps'),
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

/** `cosine` and `one-cycle`: the rate that they head for as a share of the highest; see `rateAt`. */
export const finalRate = setting({
  label: 'Last rate',
  says: 'What cosine and one cycle head for, as a share of the rate',
  unit: '× rate',
  group: 'schedule',
  schema: share.default(0),
  applies: hasEnd,
})

/** `one-cycle`: share of all steps at which the rate is highest. */
export const peakAt = setting({
  label: 'Peak at',
  says: 'Share of the steps at which one cycle’s rate is highest',
  unit: '× steps',
  group: 'schedule',
  schema: share.default(0.3),
  applies: is('one-cycle'),
})

/** `cosine` and `one-cycle`: steps that they take. Behind them the last rate goes on. */
export const horizon = setting({
  label: 'Horizon',
  says: 'Steps that cosine and one cycle take; their last rate goes on behind them',
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
