import { z } from 'zod'
import type { PlacedSetting } from '../settings'
import { type LabSetting, plainShape } from './setting'
import { tourSeen } from './tour'
import { baseline, device, parallelRuns, threads } from './training'
import { keepAwake, notifications, theme, whenClosed } from './window'

export type { LabSetting, SettingsSection } from './setting'

/** Settings that the data folder keeps, by their names: of these the store, the API and the command line are made. */
export const folderSettings = { parallelRuns, device, threads, whenClosed, notifications, keepAwake, baseline, tourSeen } as const
/** Settings that each page keeps by itself. */
const pageSettings = { theme } as const

export type FolderSettingName = keyof typeof folderSettings

/** What holds for all runs and windows of a data folder. */
export const LabSettings = z.strictObject(plainShape(folderSettings))
export type LabSettings = z.infer<typeof LabSettings>

export interface NamedSetting extends LabSetting {
  readonly name: string
}

/** All settings of the lab, in the order in which they are listed. */
export const labSettings: readonly NamedSetting[] = Object.entries({ ...folderSettings, ...pageSettings } as Record<
  string,
  LabSetting
>).map(([name, setting]) => ({ name, ...setting }))

/** As fields, options and texts take a setting: its name is its path. */
export const placedSetting = (setting: NamedSetting): PlacedSetting => ({ ...setting, path: setting.name })

export const isFolderSetting = (name: string): name is FolderSettingName =>
  Object.prototype.hasOwnProperty.call(folderSettings, name)
