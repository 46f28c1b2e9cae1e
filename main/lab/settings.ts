import { type FolderSettingName, type LabSettings, folderSettings } from '../../shared/lab-settings'
import type { Store } from '../store/store'

/** A setting of the data folder; its usual value where nobody has said otherwise, or what was kept is none of its values. */
export function labSetting<N extends FolderSettingName>(store: Store, name: N): LabSettings[N] {
  const { schema } = folderSettings[name]
  const kept = schema.safeParse(store.settings.get(name) ?? undefined)
  return (kept.success ? kept.data : schema.parse(undefined)) as LabSettings[N]
}

/** All of them. */
export function labSettings(store: Store): LabSettings {
  const names = Object.keys(folderSettings) as FolderSettingName[]
  return Object.fromEntries(names.map((name) => [name, labSetting(store, name)])) as unknown as LabSettings
}
