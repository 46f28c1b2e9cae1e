import path from 'node:path'
import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { withApp, withHome } from './app-driver'
import { seriousFindings } from './designer-driver'
import { tabTo } from './keyboard-driver'

/** Pixels of the scatter plots in some elements that are neither clear nor grey. */
const colouredPixels = (page: Page, within = '[role="img"]'): Promise<number> =>
  page.evaluate(`(() => {
    let count = 0
    for (const canvas of document.querySelectorAll(${JSON.stringify(`:is(${within}) canvas`)})) {
      const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height)
      for (let i = 0; i < data.length; i += 4)
        if (data[i + 3] > 100 && Math.max(data[i], data[i + 1], data[i + 2]) - Math.min(data[i], data[i + 1], data[i + 2]) > 60) count++
    }
    return count
  })()`)

test('a set is made of numbers, seen as points, and a network of dense layers learns it, by keyboard alone', () =>
  withHome((home) =>
    withApp(home, async (page) => {
      await page.keyboard.press('Control+2')
      await page.getByRole('button', { name: 'Make…' }).waitFor()
      await tabTo(page, 'button[title^="A set made by program"]')
      await page.keyboard.press('Enter')
      await page.getByRole('heading', { name: 'Make a data set' }).waitFor()
      await page.keyboard.type('Spirals')
      await page.getByText('a class an arm').waitFor()
      await page.keyboard.press('Tab')
      await page.keyboard.type('30')
      await page.getByText('classes=30 is not a whole number from 2 to 20').waitFor()
      await page.keyboard.press('Control+A')
      await page.keyboard.type('3')
      await page.keyboard.press('Tab')
      await page.keyboard.type('1')
      await page.getByText('spirals:classes=3,turns=1', { exact: true }).waitFor()
      expect(await seriousFindings(page)).toEqual([])
      for (let i = 0; i < 5; i++) await page.keyboard.press('Tab')
      await page.keyboard.type('arms')
      await page.keyboard.press('Enter')
      await page.getByText('“arms” was made: 12 000 vectors.').waitFor()

      await tabTo(page, 'a.open')
      await page.keyboard.press('Enter')
      await page.getByRole('heading', { name: 'feature 2 by feature 1' }).waitFor()
      await expect.poll(() => colouredPixels(page)).toBeGreaterThan(3000)
      const all = await colouredPixels(page)
      await tabTo(page, '[aria-label="Images of each class"] button')
      await page.keyboard.press('Enter')
      await page.getByText('3 334 vectors').waitFor()
      await expect.poll(() => colouredPixels(page)).toBeLessThan(0.6 * all)
      expect(await seriousFindings(page)).toEqual([])

      await page.getByRole('link', { name: 'Train on it' }).focus()
      await page.keyboard.press('Enter')
      await page.getByText('2 features, 3 classes').waitFor()
      await page.getByRole('textbox', { name: 'Epochs', exact: true }).fill('3')
      await page.keyboard.press('Control+Enter')
      await page.getByText('residual-mlp').first().waitFor()
      await page.getByText(/done/i).first().waitFor({ timeout: 60_000 })
      await expect.poll(() => page.locator('main').innerText()).toMatch(/9\d\.?\d* ?%/)

      // Those that it takes for another class are points, too.
      await tabTo(page, /^Test$/)
      await page.keyboard.press('Enter')
      await page.getByRole('heading', { name: /^Wrong, \d+$/ }).waitFor()
      const wrong = page.getByRole('img', { name: /^feature 2 by feature 1: Wrong, \d+$/ })
      await wrong.waitFor()
      await wrong.scrollIntoViewIfNeeded()
      await expect.poll(() => colouredPixels(page, '[role="img"][aria-label*="Wrong"]')).toBeGreaterThan(20)
      if (process.env['NORMLAB_PICTURES'] !== undefined)
        await page.screenshot({ path: path.join(process.env['NORMLAB_PICTURES'], 'wrong-points.png') })
    }),
  ))
