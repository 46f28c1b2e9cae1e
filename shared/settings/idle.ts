import { type PlacedSetting, settings } from './index'
import { type SettingsTree, valueAt } from './values'

/**
 * The settings that were given and change nothing beside the others: a decay rate of Adam's under SGD.
 *
 * @param given What was asked for.
 * @param whole The same with all defaults.
 */
export function idleSettings(given: SettingsTree, whole: SettingsTree): PlacedSetting[] {
  return settings.filter(
    (setting) => valueAt(given, setting.path) !== undefined && setting.applies?.((path) => valueAt(whole, path)) === false,
  )
}
