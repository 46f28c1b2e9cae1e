import type { WithSettings } from './differing-settings'
import { settingAt } from './settings'
import { writeValue } from './settings/field'

/** A run's setting of this path as a reader has it: a list as it is written in its field, anything else as it is; a dash where there is none. */
export function toldSetting({ settings }: WithSettings, path: string): string {
  if (!Object.prototype.hasOwnProperty.call(settings, path)) return '–'
  const value = settings[path]!
  const declared = settingAt(path)
  if (!declared || typeof value !== 'string' || !value.startsWith('[')) return String(value)
  try {
    return writeValue(declared, JSON.parse(value)) || (declared.absent ?? 'none')
  } catch {
    return value
  }
}
