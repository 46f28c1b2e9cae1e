import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parse, type Usage } from '../../../main/cli/arguments'
import { commandHelp } from '../../../main/cli/help'
import { closest } from '../../../shared/closest'

const usage: Usage = {
  words: 'train',
  description: 'trains',
  arguments: [{ name: 'NET', description: 'a network' }],
  options: [
    { name: 'rate', value: 'R', description: 'learning rate' },
    { name: 'optimizer', value: 'sgd|nesterov', description: 'which' },
    { name: 'whiten', description: 'whiten' },
    { name: 'set', value: 'KEY=VALUE', description: 'any', many: true },
  ],
  examples: ['normlab train resnet-20'],
}

describe('a command’s words', () => {
  it('may come in any order, with a blank or = before a value', () => {
    const words = parse(usage, [
      '--rate',
      '0.5',
      'resnet-20',
      '--optimizer=nesterov',
      '--set',
      'a=1',
      '--set=b=2',
      '--whiten',
      '--json',
    ])
    expect(words.argument('NET')).toBe('resnet-20')
    expect(words.number('rate')).toBe(0.5)
    expect(words.text('optimizer')).toBe('nesterov')
    expect(words.all('set')).toEqual(['a=1', 'b=2'])
    expect([words.flag('whiten'), words.flag('json'), words.flag('help')]).toEqual([true, true, false])
  })

  it('take a negative number as a value, and after -- anything as an argument', () => {
    expect(parse(usage, ['net', '--rate', '-1e-3']).number('rate')).toBe(-0.001)
    expect(parse(usage, ['--', '--odd-name.json']).argument('NET')).toBe('--odd-name.json')
  })

  it.each([
    [['net', '--bogus', '3'], 'normlab train: there is no option --bogus; see normlab train --help'],
    [['net', '--wihten'], 'normlab train: there is no option --wihten; perhaps --whiten'],
    [['net', '--rate'], '--rate: needs a value; write --rate R'],
    [['net', '--rate', '--whiten'], '--rate: needs a value; write --rate R'],
    [['net', '--whiten=yes'], '--whiten: takes no value'],
    [['net', '--optimizer', 'adam'], '--optimizer: "adam" is not one of its words; use sgd or nesterov'],
    [['net', '--optimizer', 'nestrov'], '--optimizer: "nestrov" is not one of its words; perhaps nesterov'],
    [['net', '--optimizer'], '--optimizer: needs a value; write --optimizer WORD'],
    [['net', '--rate', '1', '--rate', '2'], '--rate: is given twice'],
    [['net', 'other'], 'normlab train: "other" is one word too many; for example normlab train resnet-20'],
    [[], 'normlab train: NET is missing (a network); for example normlab train resnet-20'],
  ])('are refused with a sentence: %j', (words, sentence) => {
    expect(() => parse(usage, words)).toThrow(sentence)
  })

  it('may lack an argument that is optional', () => {
    const optional = { ...usage, arguments: [{ name: 'NET', description: 'a network', optional: true }] }
    expect(parse(optional, []).arguments('NET')).toEqual([])
    expect(parse(optional, ['net']).argument('NET')).toBe('net')
    expect(commandHelp(optional)).toContain('normlab train [NET] [options]')
  })

  it.each(['', ' ', 'x', '1x', 'NaN', 'Infinity', '1e999'])('take no "%s" for a number', (text) => {
    expect(() => parse(usage, ['net', `--rate=${text}`]).number('rate')).toThrow('is not a number')
  })

  it('are read or refused, whatever they are', () => {
    fc.assert(
      fc.property(
        fc.array(fc.oneof(fc.string(), fc.constantFrom('--rate', '--set', '--', '-', '-h', '--json=1', '--='))),
        (words) => {
          try {
            parse(usage, words)
          } catch (error) {
            expect((error as Error).name).toBe('UserError')
          }
        },
      ),
    )
  })

  it('are all in the help, with an example', () => {
    const help = commandHelp(usage)
    for (const part of [
      'NET',
      '--rate R',
      '--optimizer WORD',
      'sgd or nesterov',
      '--whiten',
      '--set KEY=VALUE',
      '--home DIR',
      '--json',
      'normlab train resnet-20',
    ])
      expect(help).toContain(part)
  })
})

describe('the word that was meant', () => {
  it('is at most two letters off', () => {
    expect(closest('momentun', ['momentum', 'rate'])).toBe('momentum')
    expect(closest('banana', ['momentum', 'rate'])).toBeUndefined()
    expect(closest('x', ['lr'])).toBeUndefined()
  })

  it('is the only one that begins so, or has it as a part', () => {
    expect(closest('newton', ['svd', 'newton-schulz'])).toBe('newton-schulz')
    expect(closest('schulz', ['svd', 'newton-schulz'])).toBe('newton-schulz')
    expect(closest('test', ['test-loss', 'test-accuracy'])).toBeUndefined()
  })
})
