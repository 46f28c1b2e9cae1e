import { settingAt } from '../settings'
import { tellValue } from '../settings/field'
import { numberText } from '../number-range'
import type { Space, Values } from './space'

/** `weight decay`; of an option of a preset its name. */
export function axisLabel(path: string): string {
  const setting = settingAt(path)
  if (!setting) return path.replace(/^network\./, '')
  return setting.label.replace(/^[A-Z](?=[a-z ])/, (first) => first.toLowerCase())
}

/** A value as tables and labels have it. */
export function valueText(path: string, value: unknown): string {
  if (typeof value === 'number') return numberText(value)
  const setting = settingAt(path)
  if (setting) return tellValue(setting, value)
  return typeof value === 'string' ? value : JSON.stringify(value)
}

/** `rate 0.0123, weight decay 1e-4` */
export const valueWords = (space: Space, values: Values): string =>
  space.map(({ path }) => `${axisLabel(path)} ${valueText(path, values[path])}`).join(', ')

/** What a trial's cell is called. @param trial From 1. */
export const trialLabel = (trial: number, space: Space, values: Values): string =>
  `${trial}: ${valueWords(space, values)}`.slice(0, 200).trim()
