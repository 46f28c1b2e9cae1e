import { describe, expect, it } from 'vitest'
import { program } from '../../../main/cli/program'

async function said(...argv: string[]): Promise<{ status: number; text: string }> {
  let text = ''
  const status = await program(argv, { print: () => undefined, say: (line) => void (text += line) })
  return { status, text }
}

describe('the help on a command', () => {
  it.each([
    ['train', ['train']],
    ['runs list', ['runs', 'list']],
  ])('is told by `help %s` as by --help', async (_, words) => {
    const printed = async (...argv: string[]): Promise<string> => {
      let text = ''
      await program(argv, { print: (one) => void (text += one), say: () => undefined })
      return text
    }
    expect(await printed('help', ...words)).toBe(await printed(...words, '--help'))
  })

  it('is refused of a command that there is not', async () => {
    expect(await said('help', 'trian')).toEqual({
      status: 2,
      text: 'normlab: there is no command "trian"; perhaps normlab train\n',
    })
  })
})

describe('a command that there is not', () => {
  it.each([
    [['trian', 'net'], 'normlab: there is no command "trian"; perhaps normlab train\n'],
    [['runs', 'lst'], 'normlab: there is no command "runs lst"; perhaps normlab runs list\n'],
    [['run', 'list'], 'normlab: there is no command "run"; perhaps normlab runs list\n'],
    [['zzz'], 'normlab: there is no command "zzz"; see normlab --help\n'],
  ])('is refused with what was meant: %j', async (argv, sentence) => {
    expect(await said(...argv)).toEqual({ status: 2, text: sentence })
  })

  it('has a schedule that was meant', async () => {
    expect(await said('train', 'plain', '--schedule', 'cosin')).toEqual({
      status: 2,
      text: 'normlab: --schedule: there is no schedule "cosin"; perhaps cosine\n',
    })
  })

  it('lists its family where only that is named', async () => {
    expect((await said('runs')).text).toMatch(/^normlab: runs alone says too little; use runs list, runs show, /)
    expect((await said('runs', 'fly')).text).toMatch(/^normlab: there is no command "runs fly"; use runs list, /)
  })
})
