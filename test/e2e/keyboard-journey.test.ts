import path from 'node:path'
import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { tilesWithCopies } from '../support/tiles'
import { chooseFiles, waitForState, withApp, withHome } from './app-driver'
import { seriousFindings } from './designer-driver'
import { countPresses, focused, press, tabTo, typeInto } from './keyboard-driver'

/** A picture of what has the focus, where somebody wants to look. */
async function picture(page: Page, name: string): Promise<void> {
  const folder = process.env['NORMLAB_PICTURES']
  if (folder === undefined) return
  for (const scheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme: scheme })
    await page.screenshot({ path: path.join(folder, `keys-${name}-${scheme}.png`) })
  }
}

test('from a folder of pictures to the confusion matrix of a net that learned the repaired set, by keyboard alone', () =>
  withHome((home) =>
    withApp(home, async (page, app) => {
      await chooseFiles(app, [tilesWithCopies(home, { train: 24, test: 12 }, [[4, 7], [9, 2]])]) // prettier-ignore
      const presses = await countPresses(page)

      // Import.
      await page.keyboard.press('Control+2')
      await page.getByText('No images of your own yet').waitFor()
      await press(page, 'summary')
      await page.keyboard.press('Escape')
      await expect.poll(() => focused(page)).toBe('Import…')
      await page.keyboard.press('Enter')
      await press(page, /^Folder/)
      await page.getByText('72 images').waitFor()
      await expect.poll(() => focused(page)).toBe('Name of the set')
      await picture(page, 'import')
      await page.keyboard.press('Enter')
      await page.getByText('“tiles” was imported: 72 images.').waitFor()

      // The grid, one image large, by its index, by its class.
      await press(page, /^Open$/)
      await page.getByRole('heading', { name: 'Classes, train' }).waitFor()
      await tabTo(page, '[role="gridcell"]')
      await page.keyboard.press('End')
      await expect.poll(() => focused(page)).toBe('two, image 47 of train')
      await page.keyboard.press('Home')
      await page.keyboard.press('ArrowRight')
      await picture(page, 'grid')
      await page.keyboard.press('Enter')
      await page.getByRole('heading', { name: 'As training sees it' }).waitFor()
      await picture(page, 'large')
      await tabTo(page, '[role="application"]')
      await page.keyboard.press('ArrowRight')
      await page.getByText(/^row 16, column 17$/).waitFor()
      await page.keyboard.press('Escape')
      await expect.poll(() => focused(page)).toBe('one, image 1 of train')
      await typeInto(page, /^Go to image/, '30')
      await page.keyboard.press('Enter')
      await expect.poll(() => focused(page)).toBe('two, image 30 of train')
      await tabTo(page, /^Class/, true)
      await page.keyboard.type('one')
      await page.getByText('24 images', { exact: true }).waitFor()
      await press(page, /^test 24$/, true)
      await page.getByText('12 images', { exact: true }).waitFor()

      // Copies, and a set without them.
      await press(page, /^Checks$/, true)
      await press(page, /^Check the set$/)
      await page.getByText(/8.3 % of the test images/).waitFor()
      await picture(page, 'checks')
      await press(page, /one train 4/)
      await page.getByRole('heading', { name: 'As training sees it' }).waitFor()
      await page.keyboard.press('Escape')
      await press(page, /^Checks$/, true)
      await press(page, /^Make a repaired set/)
      await page.getByText('left out: 2 of train').waitFor()
      await picture(page, 'repair')
      await tabTo(page, /^Add a step/)
      await page.keyboard.type('Cap')
      await press(page, /^Add$/)
      await press(page, /^Remove Cap/, true)
      await page.getByText(/46 train · 24 test/).waitFor()
      await press(page, /^Prepare$/)
      await page.getByText('“tiles-repaired” was prepared: 70 images.').waitFor()
      await press(page, /^Open$/)
      await page.getByRole('heading', { name: 'Recipe' }).waitFor()

      // Train on it.
      await press(page, /^Train on it$/)
      await page.getByText('32×32×3').first().waitFor()
      await press(page, /^Plain/)
      await typeInto(page, /^blocks/, '1')
      await typeInto(page, /^widths/, '4/8')
      await typeInto(page, /^Epochs/, '2')
      await typeInto(page, /^Batch, images/, '16')
      await picture(page, 'new-run')
      await page.keyboard.press('Control+Enter')
      await page.waitForSelector('.run-state')
      await waitForState(page, 'done')

      // What it takes for what.
      await press(page, /^Test$/)
      const matrix = page.getByRole('table', { name: /Class by row/ })
      await matrix.waitFor()
      await expect.poll(() => focused(page)).toBe('Test')
      await tabTo(page, 'tbody button')
      await page.keyboard.press('ArrowRight')
      await page.keyboard.press('Enter')
      await page.getByRole('heading', { name: /^one taken for two, \d+$/ }).waitFor()
      await picture(page, 'cell')
      await page.keyboard.press('Enter')
      await page.getByRole('heading', { name: /^Most wrong, of \d+$/ }).waitFor()
      await tabTo(page, /^Images of the test$/)
      await picture(page, 'wrong')
      expect(await seriousFindings(page)).toEqual([])
      expect(await presses()).toBe(0)
    }),
  ))
