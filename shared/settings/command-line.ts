import { readValue, writeValue } from './field'
import { type PlacedSetting, settings } from './index'
import { type SettingsTree, flatten, putAt, valueAt } from './values'
import { schemas } from './index'

/** Settings that have an option of their own, in their order. */
export const withOption = settings.filter(
  (setting): setting is PlacedSetting & { option: NonNullable<PlacedSetting['option']> } => setting.option !== undefined,
)

/** What an option's text sets, by paths. @throws UserError, or an Error's message, where it cannot be read. */
export function readOption(
  setting: (typeof withOption)[number],
  text: string,
): ReturnType<typeof readValue> | { set: Readonly<Record<string, unknown>> } {
  return setting.option.read ? { set: setting.option.read(text) } : readValue(setting, text)
}

/**
 * The words of `normlab train` that give these settings, its defaults left out: `--batch 8 --set measures.every=10`. Read again they
 * give the same settings.
 */
export function commandLine(tree: SettingsTree): string[] {
  const wanted = flatten(complete(tree))
  const said: SettingsTree = complete({})
  const words: string[] = []
  for (const setting of withOption) {
    const text = setting.option.write
      ? setting.option.write((path) => wanted.get(path))
      : writeValue(setting, wanted.get(setting.path))
    if (text === undefined || (text === '' && setting.option.value !== null)) continue
    const read = readOption(setting, text)
    const set = 'set' in read ? read.set : 'value' in read ? { [setting.path]: read.value } : {}
    // An option is worth its place where it tells something that the words so far do not.
    const news = Object.entries(set).filter(([path, value]) => !same(valueAt(said, path), value))
    if (news.length === 0 || !Object.entries(set).every(([path, value]) => same(wanted.get(path), value))) continue
    words.push(`--${setting.option.name}`, ...(setting.option.value === null ? [] : [text]))
    for (const [path, value] of news) putAt(said, path, value)
  }
  for (const setting of settings) {
    const value = wanted.get(setting.path)
    if (same(value, valueAt(said, setting.path))) continue
    words.push('--set', `${shortPath(setting)}=${writeValue(setting, value)}`)
  }
  return words
}

/** `train.json` words as a shell takes them. */
export function shellWords(words: readonly string[]): string {
  return words.map((word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replace(/'/g, `'\\''`)}'`)).join(' ')
}

/** A path as people write it after `--set`: without the part that all settings of a training, or of its execution, share. */
export function shortPath({ path }: { readonly path: string }): string {
  return path.replace(/^(training|execution)\./, '')
}

/** With all defaults. */
function complete({ data, training, execution, seed }: SettingsTree): SettingsTree {
  return {
    data: schemas.data.parse(data),
    training: schemas.training.parse(training ?? {}),
    execution: schemas.execution.parse(execution ?? {}),
    seed: schemas.seed.parse(seed),
  }
}

const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b)
