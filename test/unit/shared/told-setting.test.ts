import { expect, it } from 'vitest'
import { flatSettings } from '../../../shared/settings-text'
import { settings } from '../../../shared/settings'
import { fieldOf, readValue } from '../../../shared/settings/field'
import { toldSetting } from '../../../shared/told-setting'

it('tells a setting that is a list as it is written in its field, so that it can be read from there again', () => {
  const lists = settings.filter(({ text, ...one }) => text !== undefined && Array.isArray(fieldOf({ ...one, text }).default))
  expect(lists.map(({ path }) => path)).toContain('training.alarms')
  for (const setting of lists) {
    const read = readValue(setting, setting.text!.example)
    if (!('value' in read)) throw new Error(read.wrong)
    const kept = setting.schema.parse(read.value)
    const nested = setting.path.split('.').reduceRight<unknown>((value, name) => ({ [name]: value }), kept)
    const told = toldSetting({ settings: flatSettings(nested as Record<string, unknown>) }, setting.path)
    expect(told).not.toMatch(/^\[/)
    const again = readValue(setting, told)
    expect('value' in again && setting.schema.parse(again.value)).toEqual(kept)
  }
})

it('tells numbers and words as they are, an empty list as none, and what is not there by a dash', () => {
  const run = { settings: { 'training.rate': 0.05, 'training.milestones': '[1,1.5]', 'training.alarms': '[]', other: '[x' } }
  const paths = ['training.rate', 'training.milestones', 'training.alarms', 'other', 'training.steps', 'toString']
  expect(paths.map((path) => toldSetting(run, path))).toEqual(['0.05', '1, 1.5', 'none', '[x', '–', '–'])
})
