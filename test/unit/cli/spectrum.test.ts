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
        message: expect.stringContaining('what changed is told of all layers of a network alone') as string,
      })
    },
  )
})
