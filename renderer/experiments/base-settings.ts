import type { ExperimentDefinition } from '../../shared/experiments/experiment'
import { dataOn, type ExperimentSet } from '../../shared/experiments/on-dataset'
import { settingAt, settings } from '../../shared/settings'
import { putAt, valueAt } from '../../shared/settings/values'
import { fill, readValues, type SettingProblems, type SettingValues, usualValues } from '../setting-fields/setting-values'

/** The settings of an experiment's base, as a definition has them: what is absent takes its default. */
export type BaseSettings = Pick<ExperimentDefinition['base'], 'data' | 'training'> & {
  execution?: ExperimentDefinition['base']['execution']
}

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

/** The fields on another data set: numbers of images that it does not have become those that it has. */
export function valuesOn(values: SettingValues, set: ExperimentSet): SettingValues {
  const { tree } = readValues(values)
  const data = dataOn(set, (valueAt(tree, 'data') ?? {}) as Record<string, unknown>)
  const changed: SettingValues = { ...values, 'data.name': set.name }
  for (const key of ['train', 'test'] as const) if (typeof data[key] === 'number') changed[`data.${key}`] = String(data[key])
  return { ...changed, 'data.trainSplit': 'train', 'data.testSplit': String(data['testSplit'] ?? 'test') }
}

/** What is wrong with the fields, in one sentence; null where nothing is. */
export function complaintOfFields(problems: SettingProblems): string | null {
  const told = Object.entries(problems).map(([path, words]) => `${settingAt(path)?.label ?? path} ${words}`)
  return told.length > 0 ? `${told.join('; ')}.` : null
}
