import { afterEach, beforeEach, expect, it } from 'vitest'
import { jsonLines, normlab, start, temporaryHome, TINY } from './lab-support'

let home: string
let remove: () => void
beforeEach(() => ({ home, remove } = temporaryHome()))
afterEach(() => remove())

it('a reader of standard output that leaves ends no run', async () => {
  const { child, finished, printed } = start(['train', ...TINY, '--epochs', '40', '--json'], home)
  await printed('"step":1')
  child.stdout!.destroy()
  const { status, stderr } = await finished
  expect(stderr).toContain('nobody reads standard output any more')
  expect(status).toBe(0)
  const { stdout } = await normlab(['runs', 'list', '--json'], home)
  expect(jsonLines(stdout)[0]).toMatchObject({ state: 'done', progress: { step: 160 } })
})

it('an empty name, and a group that no parameter fits, are refused before anything is stored', async () => {
  for (const words of [
    ['--name', ''],
    ['--name', '   '],
    ['--set', 'groups=nowhere.* weightDecay=0'],
  ])
    expect((await normlab(['train', ...TINY, ...words, '--epochs', '1'], home)).status).toBe(2)
  expect((await normlab(['runs', 'list', '--json'], home)).stdout).toBe('')
})
