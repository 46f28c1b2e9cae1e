import type { SettingValue } from './settings-text'

/** The splits that a run was trained and tested on, from its settings by path; older ones do not tell them. */
export function splitsOf(settings: Readonly<Record<string, SettingValue>>): { train: string; test: string } {
  return { train: String(settings['data.trainSplit'] ?? 'train'), test: String(settings['data.testSplit'] ?? 'test') }
}

/** The splits that these runs were tested on, each once. */
export function testedOn(runs: readonly { readonly settings: Readonly<Record<string, SettingValue>> }[]): readonly string[] {
  return [...new Set(runs.map(({ settings }) => splitsOf(settings).test))]
}

/**
 * A measure of the tests as it is called where they were on another split than the one of that name: `test accuracy (on validation)`; of
 * runs with several, `test accuracy (on test, validation)`.
 */
export function onSplit(label: string, ...splits: readonly string[]): string {
  return splits.every((split) => split === 'test') ? label : `${label} (on ${splits.join(', ')})`
}

/** `, trained on "part"; tested on "validation"`: where a run has other splits than the usual ones, else nothing. */
export function splitWords({ trainSplit, testSplit }: { trainSplit: string; testSplit: string }): string {
  const told = [
    ...(trainSplit === 'train' ? [] : [`trained on “${trainSplit}”`]),
    ...(testSplit === 'test' ? [] : [`tested on “${testSplit}”`]),
  ]
  return told.length > 0 ? `, ${told.join(', ')}` : ''
}
