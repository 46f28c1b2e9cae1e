import { fieldOf, tellValue } from './field'
import { type GroupName, groups } from './groups'
import { type PlacedSetting, settings } from './index'
import { type SettingsTree, valueAt } from './values'

/** A setting's label and its value in words. */
export type ToldSetting = readonly [label: string, text: string]

/** Groups whose settings are told of every run; the others' where they are not as usual. */
const ALWAYS: ReadonlySet<GroupName> = new Set(['length', 'optimiser', 'repairs'])

/** What a reader wants to know of a run's settings: the main ones, and what is not as usual. */
export function mainSettings(tree: SettingsTree): ToldSetting[] {
  return settings
    .filter((setting) => {
      if (!applies(setting, tree)) return false
      const value = valueAt(tree, setting.path)
      const { default: usual } = fieldOf(setting)
      const isUsual = JSON.stringify(value) === JSON.stringify(usual)
      if (!isUsual || setting.path === 'seed') return true
      // A setting that is absent, and a repair's times, say nothing where they are as usual.
      return ALWAYS.has(setting.group) && value !== undefined && (setting.applies === undefined || setting.group === 'optimiser')
    })
    .map((setting) => [setting.label, tellValue(setting, valueAt(tree, setting.path))])
}

/** All that has a meaning beside the other settings, group by group. */
export function allSettings(tree: SettingsTree): { readonly title: string; readonly settings: readonly ToldSetting[] }[] {
  return (Object.keys(groups) as GroupName[]).map((group) => ({
    title: groups[group].title,
    settings: settings
      .filter((setting) => setting.group === group && applies(setting, tree))
      .map((setting) => [setting.label, tellValue(setting, valueAt(tree, setting.path))]),
  }))
}

function applies(setting: PlacedSetting, tree: SettingsTree): boolean {
  return setting.applies?.((path) => valueAt(tree, path)) ?? true
}
