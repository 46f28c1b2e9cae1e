import type { SettingValue } from './settings-text'

/** A run as far as its settings go. */
export interface WithSettings {
  readonly settings: Readonly<Record<string, SettingValue>>
}

/** Paths of the settings in which runs differ, one that is absent in some among them; `preset` first, then by their letters. */
export function differingSettings(runs: readonly WithSettings[]): string[] {
  const paths = [...new Set(runs.flatMap(({ settings }) => Object.keys(settings)))]
  const differing = paths.filter((path) => new Set(runs.map(({ settings }) => settings[path])).size > 1)
  return differing.sort((a, b) => Number(b === 'preset') - Number(a === 'preset') || (a < b ? -1 : 1))
}
