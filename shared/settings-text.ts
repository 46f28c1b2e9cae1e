/** A setting as a table or a filter sees it. */
export type SettingValue = string | number | boolean

/**
 * A configuration's settings under their paths (`training.rate`, `data.name`), the network's document left out: it is told by
 * its preset and name. Lists and objects in lists become their JSON.
 */
export function flatSettings(configuration: Readonly<Record<string, unknown>>): Record<string, SettingValue> {
  const flat: Record<string, SettingValue> = {}
  const walk = (value: unknown, path: string): void => {
    if (value === undefined || value === null) return
    if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') flat[path] = value
    else if (Array.isArray(value)) flat[path] = JSON.stringify(value)
    else for (const [name, field] of Object.entries(value)) walk(field, `${path}.${name}`)
  }
  for (const [name, value] of Object.entries(configuration)) if (name !== 'network') walk(value, name)
  return flat
}

/** A run's own setting of this path; null where it has none. */
export function settingOf(
  { settings }: { readonly settings: Readonly<Record<string, SettingValue>> },
  path: string,
): SettingValue | null {
  return Object.prototype.hasOwnProperty.call(settings, path) ? settings[path]! : null
}
