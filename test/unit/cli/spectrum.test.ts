import { describe, expect, it } from 'vitest'
import { parse } from '../../../main/cli/arguments'
import type { Context } from '../../../main/cli/command'
import { spectrum } from '../../../main/cli/spectrum'

describe('normlab spectrum', () => {
  it.each(['--tensor=stem.conv.kernel', '--unit=stage1.block1', '--unit=all'])(
    'refuses the change since other weights where it tells no network’s layers: %s',
    async (piece) => {
      const words = parse(spectrum, ['run:3', '--less', 'run:2', piece])
      await expect(spectrum.run({ words } as Context)).rejects.toMatchObject({
        name: 'UserError',
        message: expect.stringContaining('it is told of all layers of a network alone') as string,
      })
    },
  )

  it.each([
    ['--tensor=k', '--layers=a', 'it is told of all layers of a network alone'],
    ['--tensor=k', '--bound', 'it is told of all layers of a network alone'],
    ['--tensor=k', '--network=plain', 'a kernel is read by itself, without a network around it'],
    ['--unit=all', '--out=x.csv', 'it is told of all layers of a network alone'],
    ['--unit=a', '--acts=padded', 'it is told of all layers of a network alone'],
    ['--unit=a', '--delta=0.2', 'it is told of all layers of a network alone'],
    ['--unit=a', '--size=8', 'it is of a kernel that is read by itself'],
    ['--tensor=k', '--data=shapes10', 'it is of a unit’s Jacobian alone'],
    ['--network=plain', '--stride=2', 'it is of a kernel that is read by itself'],
    ['--network=plain', '--batch=b.safetensors', 'it is of a unit’s Jacobian alone'],
  ])('refuses beside %s what it would not heed: %s', async (piece, option, why) => {
    const words = parse(spectrum, ['w.safetensors', piece, option])
    await expect(spectrum.run({ words } as Context)).rejects.toThrow(why)
  })
})
