import type { ExperimentDefinition } from '../../shared/experiments/experiment'
import { settingAt, settings } from '../../shared/settings'
import { putAt, valueAt } from '../../shared/settings/values'
import { fill, readValues, type SettingProblems, type SettingValues, usualValues } from '../setting-fields/setting-values'

/** The settings of an experiment's base, as a definition has them: what is absent takes its default. */
export type BaseSettings = Pick<ExperimentDefinition['base'], 'data' | 'training'>

/** The fields with a base's settings in them. */
export function valuesOfBase(base: BaseSettings): SettingValues {
  const values = usualValues()
  fill(values, base)
  return values
}

/** The base that the fields mean: as it was given, but for what was changed in them, so that nothing is lost or written out. */
export function baseOf(values: SettingValues, given: BaseSettings): { base: BaseSettings; problems: SettingProblems } {
  const { tree, problems } = readValues(values)
  const before = valuesOfBase(given)
  const read = JSON.parse(JSON.stringify(tree)) as typeof tree
  const base = JSON.parse(JSON.stringify(given)) as BaseSettings
  for (const { path } of settings) if (path !== 'seed' && values[path] !== before[path]) putAt(base, path, valueAt(read, path))
  return { base, problems }
}

/** What is wrong with the fields, in one sentence; null where nothing is. */
export function complaintOfFields(problems: SettingProblems): string | null {
  const told = Object.entries(problems).map(([path, words]) => `${settingAt(path)?.label ?? path} ${words}`)
  return told.length > 0 ? `${told.join('; ')}.` : null
}
