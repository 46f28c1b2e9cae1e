import { settingAt } from './settings'
import { fieldOf } from './settings/field'
import type { SettingValue } from './settings-text'

/** A run as far as its settings go. */
export interface WithSettings {
  readonly settings: Readonly<Record<string, SettingValue>>
}

/** Paths of the settings in which runs differ, one that is absent in some among them; `preset` first, then by their letters. */
export function differingSettings(runs: readonly WithSettings[]): string[] {
  const paths = [...new Set(runs.flatMap(({ settings }) => Object.keys(settings)))]
  const differing = paths.filter((path) => {
    // A run from before there was a setting was made as the setting's usual value has it.
    const usual = usualOf(path)
    return new Set(runs.map(({ settings }) => settings[path] ?? usual)).size > 1
  })
  return differing.sort((a, b) => Number(b === 'preset') - Number(a === 'preset') || (a < b ? -1 : 1))
}

function usualOf(path: string): SettingValue | undefined {
  const declared = settingAt(path)
  const usual = declared && fieldOf(declared).default
  return typeof usual === 'string' || typeof usual === 'number' || typeof usual === 'boolean' ? usual : undefined
}
