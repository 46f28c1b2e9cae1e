import { describe, expect, it } from 'vitest'
import { commandHelp, overview } from '../../../main/cli/help'
import { commands } from '../../../main/cli/program'
import { settings } from '../../../shared/settings'
import { shortPath } from '../../../shared/settings/command-line'

const helps = commands.map((command) => [command.words, commandHelp(command)] as const)

describe('the help', () => {
  it.each([...helps, ['the overview', overview(commands, '1.0')] as const])('of %s fits 80 columns', (_, help) => {
    for (const line of help.split('\n')) expect(line.length, line).toBeLessThanOrEqual(80)
  })

  it.each(helps)('of %s has the words that choose below, not in the column', (_, help) => {
    expect(help).not.toMatch(/--[\w-]+ \S*[a-z]\|/)
  })

  it('has every setting, by its option or by its path', () => {
    const help = commandHelp(commands.find(({ words }) => words === 'train')!)
    for (const setting of settings) {
      const called = setting.option ? `  --${setting.option.name}` : `  ${shortPath(setting)} `
      expect(
        help.split('\n').some((line) => line.startsWith(called)),
        called,
      ).toBe(true)
    }
  })

  it('has wrapped lines under their own column', () => {
    const lines = commandHelp(commands.find(({ words }) => words === 'train')!).split('\n')
    const at = lines.findIndex((line) => line.startsWith('  --optimizer WORD'))
    const words = lines.findIndex((line) => line.includes('sgd, nesterov, adam, adamw, muon or soap'))
    expect(words).toBeGreaterThan(at)
    for (const line of lines.slice(at + 1, words + 1)) expect(line.search(/\S/)).toBe(lines[at]!.indexOf('SGD'))
  })
})
