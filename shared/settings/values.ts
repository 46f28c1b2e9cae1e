import { settings } from './index'

/** Settings of a run by their objects, as a configuration and a request have them; what is absent takes its default. */
export interface SettingsTree {
  data?: object | undefined
  training?: object | undefined
  execution?: object | undefined
  seed?: number | undefined
}

/** The value at a path; undefined where it is absent, or something on the way is no object. */
export function valueAt(tree: SettingsTree, path: string): unknown {
  let value: unknown = tree
  for (const part of path.split('.')) {
    if (typeof value !== 'object' || value === null || !Object.prototype.hasOwnProperty.call(value, part)) return undefined
    value = (value as Record<string, unknown>)[part]
  }
  return value
}

/** Puts a value at a setting's path; undefined takes it out. `true` for a whole object of settings gives way to the object. */
export function putAt(tree: SettingsTree, path: string, value: unknown): void {
  const parts = path.split('.')
  const last = parts.pop()!
  let place = tree as Record<string, unknown>
  for (const part of parts) {
    const inner = place[part]
    if (typeof inner === 'object' && inner !== null && !Array.isArray(inner)) place = inner as Record<string, unknown>
    // A family's switch, as in whitening: true.
    else place = place[part] = typeof inner === 'boolean' ? { layers: inner ? 'all' : 'none' } : {}
  }
  if (value === undefined) Reflect.deleteProperty(place, last)
  else place[last] = value
}

/** Every setting's value under its path; those that are absent are left out. */
export function flatten(tree: SettingsTree): Map<string, unknown> {
  return new Map(
    settings.flatMap(({ path }) => {
      const value = valueAt(tree, path)
      return value === undefined ? [] : [[path, value] as const]
    }),
  )
}
