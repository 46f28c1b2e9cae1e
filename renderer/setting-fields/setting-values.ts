import { type PlacedSetting, settingAt, settings } from '../../shared/settings'
import { fieldOf, readValue, tellValue, writeValue } from '../../shared/settings/field'
import { type GroupName, groups } from '../../shared/settings/groups'
import { type SettingsTree, flatten, putAt, valueAt } from '../../shared/settings/values'

/** What the fields hold, by the settings' paths: text as it was typed, so that a half-written number is no error; switches as they are. */
export type SettingValues = Record<string, string | boolean>
/** Messages by path. */
export type SettingProblems = Readonly<Record<string, string>>

/** The settings of a group, in their order. */
export const settingsOf: ReadonlyMap<GroupName, readonly PlacedSetting[]> = new Map(
  (Object.keys(groups) as GroupName[]).map((group) => [group, settings.filter((setting) => setting.group === group)]),
)

/** Puts settings into the fields; those that the tree leaves out stay as they are. */
export function fill(values: SettingValues, tree: SettingsTree): void {
  for (const [path, value] of flatten(tree)) values[path] = textOf(settingAt(path)!, value)
}

/** Puts settings into the fields; of those that `takes` names, the ones that the tree leaves out become empty. */
export function replace(values: SettingValues, tree: SettingsTree, takes: (setting: PlacedSetting) => boolean): void {
  for (const setting of settings) if (takes(setting)) values[setting.path] = textOf(setting, valueAt(tree, setting.path))
}

/** Every field at its setting's default. */
export function usualValues(): SettingValues {
  return Object.fromEntries(settings.map((setting) => [setting.path, textOf(setting, fieldOf(setting).default)]))
}

function textOf(setting: PlacedSetting, value: unknown): string | boolean {
  return fieldOf(setting).kind === 'switch' ? value === true : writeValue(setting, value)
}

/** Whether a setting has any meaning beside what the other fields hold. */
export function applies({ applies: rule }: PlacedSetting, values: SettingValues): boolean {
  return rule === undefined || rule((path) => values[path])
}

/** The settings that the fields mean, and what is wrong with them. A field that is empty, or hidden and wrong, leaves its setting out. */
export function readValues(values: SettingValues): { tree: SettingsTree; problems: SettingProblems } {
  const tree: SettingsTree = {}
  const problems: Record<string, string> = {}
  for (const setting of settings) {
    const held = values[setting.path] ?? ''
    const read = typeof held === 'boolean' ? { value: held } : readValue(setting, held)
    if ('value' in read) {
      if (read.value !== undefined) putAt(tree, setting.path, read.value)
    } else if (applies(setting, values)) problems[setting.path] = `must be ${read.must}`
  }
  return { tree, problems }
}

/** What is set in a group otherwise than usual, for the line of one that is folded: `Mirror images on · Pad and crop 4 pixels`. */
export function setIn(group: GroupName, values: SettingValues): string {
  const told = settingsOf.get(group)!.flatMap((setting) => {
    const held = values[setting.path] ?? ''
    if (!applies(setting, values) || held === textOf(setting, fieldOf(setting).default)) return []
    const read = typeof held === 'boolean' ? { value: held } : readValue(setting, held)
    return ['value' in read ? `${setting.label} ${tellValue(setting, read.value)}` : setting.label]
  })
  return told.length > 0 ? told.join(' · ') : 'as usual'
}
