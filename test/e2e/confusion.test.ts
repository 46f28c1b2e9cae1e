import { spawnSync } from 'node:child_process'
import path from 'node:path'
import { expect, test } from 'vitest'
import { root, withHome } from './app-driver'
import { end, serve, withPage } from './browser-driver'

test('a run’s newest checkpoint is tested from its page, by keyboard: the matrix, and the images of one of its cells', () =>
  withHome(async (home) => {
    const words = [
      'train',
      'plain:blocks=1,widths=4/8',
      '--data',
      'digits',
      '--set',
      'data.train=64',
      '--batch',
      '16',
      '--epochs',
      '2',
    ]
    const { status, stderr } = spawnSync(process.execPath, [path.join(root, 'out/main/cli.js'), ...words, '--home', home], {
      encoding: 'utf8',
    })
    if (status !== 0) throw new Error(stderr)
    const { address, server } = await serve(home)
    try {
      await withPage(async (page, complaints) => {
        await page.goto(`${address}`)
        await page
          .getByRole('link', { name: /plain:blocks=1/ })
          .first()
          .click()
        const card = page.locator('section.confusion')
        await card.getByText('puts the newest checkpoint on a whole split').waitFor()
        await card.getByRole('button', { name: 'Test', exact: true }).press('Enter')
        const matrix = card.getByRole('table', { name: /Class by row/ })
        await matrix.waitFor({ timeout: 60_000 })
        const counts = await matrix.locator('tbody button').allInnerTexts()
        expect(counts).toHaveLength(100)
        expect(counts.reduce((sum, text) => sum + Number(text || 0), 0)).toBe(360)
        // From the first cell one to the right and one down again: the second digit's own.
        await matrix.locator('tbody button[tabindex="0"]').focus()
        await page.keyboard.press('ArrowRight')
        await page.keyboard.press('ArrowDown')
        await page.keyboard.press('Enter')
        await card.getByRole('heading', { name: /^1 taken for 1, \d+$/ }).waitFor()
        await page.keyboard.press('Enter')
        await card.getByRole('heading', { name: /^Most wrong, of \d+$/ }).waitFor()
        await card
          .getByRole('img', { name: /^image \d+: \d, taken for \d, loss/ })
          .first()
          .waitFor()
        if (process.env['NORMLAB_PICTURES'] !== undefined) {
          await card.scrollIntoViewIfNeeded()
          await page.screenshot({ path: path.join(process.env['NORMLAB_PICTURES'], 'confusion.png') })
        }
        expect(complaints).toEqual([])
      })
    } finally {
      await end(server)
    }
  }))
