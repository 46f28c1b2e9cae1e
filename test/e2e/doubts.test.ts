import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { root, withHome } from './app-driver'
import { end, serve, withPage } from './browser-driver'

test('a run that is done and came to nothing is marked in the list of runs, and its report says so', () =>
  withHome(async (home) => {
    const normlab = (...words: string[]): string => {
      const program = [path.join(root, 'out/main/cli.js'), ...words, '--home', home]
      const { status, stdout, stderr } = spawnSync(process.execPath, program, { encoding: 'utf8' })
      if (status !== 0) throw new Error(stderr)
      return stdout
    }
    const few = ['--steps', '4', '--batch', '16', '--set', 'data.train=96', '--set', 'data.test=16']
    for (const rate of ['1e5', '0.01']) normlab('train', 'plain:blocks=1,widths=4/8', '--rate', rate, ...few)
    expect(normlab('runs', 'list')).toMatch(/against the numbers above:\n#1: loss .*\n$/)
    const { address, server } = await serve(home)
    try {
      await withPage(async (page) => {
        await page.goto(address)
        const states = page.locator('table td.state')
        await expect
          .poll(() => states.allInnerTexts())
          .toEqual([expect.stringMatching(/^\s*Done\s*$/), expect.stringMatching(/Done\s*!\s*loss /)])
        await page.evaluate(`location.hash = '#/runs/1'`)
        await page.locator('summary', { hasText: 'Export' }).click()
        const [download] = await Promise.all([
          page.waitForEvent('download'),
          page.getByRole('button', { name: /^Report One/ }).click(),
        ])
        expect(readFileSync(await download.path(), 'utf8')).toMatch(/<td>done, loss /)
      })
    } finally {
      await end(server)
    }
  }))
