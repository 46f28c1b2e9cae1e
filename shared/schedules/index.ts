import { cosine } from './cosine'
import type { ScheduleDefinition } from './definition'
import { oneCycle } from './one-cycle'
import { steps } from './steps'

export type { ScheduleDefinition, ScheduleSettings } from './definition'

/** Every schedule. To add one: its file, its line here, and its row in docs/runs.md. */
export const schedules = { steps, cosine, 'one-cycle': oneCycle } as const satisfies Readonly<Record<string, ScheduleDefinition>>

export type ScheduleName = keyof typeof schedules

export const SCHEDULE_NAMES = Object.keys(schedules) as [ScheduleName, ...ScheduleName[]]

/** Those that a word alone names. */
export const COURSES = SCHEDULE_NAMES.filter((name): name is Exclude<ScheduleName, 'steps'> => name !== 'steps')
