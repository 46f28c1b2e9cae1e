import { z } from 'zod'
import { closest } from '../closest'
import { type StepMeasureName, stepMeasures } from '../measures'
import { finite } from './family'
import { setting } from './setting'

const NAMES = stepMeasures.map(({ name }) => name) as [StepMeasureName, ...StepMeasureName[]]

/** A rule on a measure of steps, and what is done when it has held for so many measured steps on end. */
export const AlarmRule = z.strictObject({
  measure: z.enum(NAMES),
  /** Which side of the value is the wrong one; what is no number counts as above. */
  side: z.enum(['above', 'below']),
  value: finite,
  /** Measured steps on end. */
  steps: z.number().int().min(1).max(1_000_000).default(1),
  /** Marks the run with a notice; tells the person as well; or pauses the run besides. */
  action: z.enum(['mark', 'notify', 'pause']).default('notify'),
})
export type AlarmRule = z.output<typeof AlarmRule>

const SIGNS = { above: '>', below: '<' } as const
const FORM = /^(\w+)\s*([<>])\s*(\S+?)(?:\s+for\s+(\d+))?(?:\s*:\s*(\w+))?$/

/** `deviation > 0.5 for 10: pause` */
export function alarmText({ measure, side, value, steps, action }: AlarmRule): string {
  return `${measure} ${SIGNS[side]} ${value}${steps === 1 ? '' : ` for ${steps}`}: ${action}`
}

/** @throws Error with what it must be. */
function readRule(text: string): unknown {
  const [, measure, sign, value, steps, action] = FORM.exec(text.trim()) ?? []
  if (measure === undefined || value === undefined) throw new Error('rules like coveringC > 0.1 for 10: notify')
  if (!NAMES.includes(measure as StepMeasureName)) {
    const near = closest(measure, NAMES)
    throw new Error(`rules on ${near === undefined ? `one of ${NAMES.join(', ')}` : `measures of steps, perhaps ${near}`}`)
  }
  return {
    ...{ measure, side: sign === '>' ? 'above' : 'below', value: Number(value) },
    ...{ steps: Number(steps ?? 1), action: action ?? 'notify' },
  }
}

/** Kept beside a run's other settings, though no number of its records depends on it. */
export const alarms = setting({
  label: 'Alarms',
  says: 'Rules on measures of steps, by semicolons: each marks the run, notifies, or pauses it when it has held for so many measured steps',
  group: 'measures',
  schema: z.array(AlarmRule).max(20).default([]),
  absent: 'none',
  option: { name: 'alarms', value: 'RULES', says: 'as in "deviation > 0.5 for 10: pause; loss > 5": mark, notify or pause' },
  text: {
    example: 'coveringC > 0.1 for 10: notify',
    read: (text) =>
      text
        .split(';')
        .filter((part) => part.trim() !== '')
        .map(readRule),
    write: (value) => (value as AlarmRule[]).map(alarmText).join('; '),
  },
})
