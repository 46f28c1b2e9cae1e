import type { RequestInput } from '../../shared/api'
import { closest } from '../../shared/closest'
import { cutText } from '../../shared/cut-text'
import { UserError } from '../../shared/errors'
import {
  type LabSettings,
  type NamedSetting,
  folderSettings,
  isFolderSetting,
  labSettings,
  placedSetting,
} from '../../shared/lab-settings'
import { fieldOf, readValue, usualText, writeValue } from '../../shared/settings/field'
import { type Command, jsonLine } from './command'
import { table } from '../text/format'
import { optionOf, optionValue } from './settings'

const kept = labSettings.filter(({ name }) => isFolderSetting(name))
const parallelRuns = placedSetting({ name: 'parallelRuns', ...folderSettings.parallelRuns })

/** @throws UserError for a name that is none, or that of a setting which only pages have. */
function settingCalled(name: string): NamedSetting & { name: keyof LabSettings } {
  const found = labSettings.find((setting) => setting.name === name)
  if (found && isFolderSetting(found.name)) return { ...found, name: found.name }
  if (found)
    throw new UserError(`${found.name} is kept by each page for itself`, {
      place: name,
      remedy: 'choose it on the page Settings',
    })
  const names = kept.map((setting) => setting.name)
  const near = closest(name, names)
  throw new UserError(`there is no setting "${cutText(name)}"`, {
    place: 'settings',
    remedy: near ? `perhaps ${near}` : `there are ${names.join(', ')}`,
  })
}

function valueText(setting: NamedSetting, value: unknown): string {
  return value === null ? (setting.absent ?? 'none') : writeValue(placedSetting(setting), value)
}

const name = { name: 'NAME', description: 'the setting, as normlab settings lists it' }

const list: Command = {
  words: 'settings',
  description: 'what holds for all runs and windows of the data folder',
  options: [optionOf(parallelRuns)],
  examples: ['normlab settings', 'normlab settings --parallel-runs 2', 'normlab settings set whenClosed background'],
  async run({ lab, words, output, json }) {
    const parallel = optionValue(parallelRuns, words) as number | undefined
    const now = await lab().request('lab.configure', parallel === undefined ? {} : { parallelRuns: parallel })
    if (json) output.print(jsonLine(now))
    else
      output.print(
        table([
          ['setting', 'value', 'what it is'],
          ...kept.map((setting) => [setting.name, valueText(setting, now[setting.name as keyof LabSettings]), setting.label]),
        ]),
      )
    return 0
  },
}

const get: Command = {
  words: 'settings get',
  description: 'the value of a setting of the data folder',
  arguments: [name],
  examples: ['normlab settings get parallelRuns'],
  async run({ lab, words, output, json }) {
    const setting = settingCalled(words.argument('NAME'))
    const value = (await lab().request('lab.settings', {}))[setting.name]
    output.print(json ? jsonLine({ name: setting.name, value }) : `${valueText(setting, value)}\n`)
    return 0
  },
}

const set: Command = {
  words: 'settings set',
  description: 'changes a setting of the data folder',
  arguments: [name, { name: 'VALUE', description: 'its new value; default for its usual one' }],
  examples: ['normlab settings set parallelRuns 2', 'normlab settings set device cpu', 'normlab settings set baseline none'],
  sections: [
    {
      title: 'Settings',
      rows: kept.map((setting) => ({
        left: setting.name,
        text: `${setting.says} (${usualText(placedSetting(setting)) || setting.absent})`,
        words: fieldOf(setting).choices,
      })),
    },
  ],
  async run({ lab, words, output, json }) {
    const setting = settingCalled(words.argument('NAME'))
    const text = words.argument('VALUE')
    const read = text === 'default' ? { value: fieldOf(setting).default } : readValue(placedSetting(setting), text)
    if (!('value' in read)) throw new UserError(read.wrong, { place: setting.name, remedy: read.remedy })
    if (read.value === undefined)
      throw new UserError('a value is empty', { place: setting.name, remedy: 'give one, or the word default' })
    const now = await lab().request('lab.configure', { [setting.name]: read.value } as RequestInput<'lab.configure'>)
    const value = now[setting.name]
    output.print(json ? jsonLine({ name: setting.name, value }) : `${setting.name} is ${valueText(setting, value)} now.\n`)
    return 0
  },
}

export const labSettingCommands: readonly Command[] = [list, get, set]
