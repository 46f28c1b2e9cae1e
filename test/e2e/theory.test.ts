import { expect, it } from 'vitest'
import { startRun, tableOf, waitForState, withApp, withHome } from './app-driver'

it('lays a run’s bound, Jacobians and ratios side by side when asked, unit by unit, with keys, a table, and from the cache again', () =>
  withHome((home) =>
    withApp(home, async (page) => {
      await startRun(page, { network: 'proc-resnet:blocks=2,planes=2/4', epochs: 1, train: 32 })
      const card = page.getByRole('region', { name: 'Theory against measurement' })
      await card.getByText(/no checkpoint yet|takes each unit’s Jacobian/).waitFor()
      await waitForState(page, 'done')
      await card.getByRole('button', { name: 'Measure' }).click()
      const plot = card.getByRole('img', { name: /Extremes of the Jacobians and ratios of 6 units/ })
      await plot.waitFor({ timeout: 90_000 })
      await plot.focus()
      await page.keyboard.press('ArrowRight')
      await page.keyboard.press('ArrowRight')
      await expect.poll(() => plot.innerText()).toContain('2 · stage1.block1 · block')
      await page.keyboard.press('Enter')
      await expect.poll(() => page.url()).toContain('block=2')
      await expect
        .poll(() => card.innerText())
        .toMatch(/6 units in .* ratios of step 4, \d of 6 between the extremes of their Jacobians/)
      const rows = await tableOf(page, 'Theory against measurement')
      expect(rows.map(([name]) => name)).toEqual([
        'stem',
        'stage1.block1',
        'stage1.block2',
        'transition1',
        'stage2.block1',
        'stage2.block2',
        'head',
      ])
      // Other points: another answer; the first ones again: what is known.
      await card.getByLabel('Points of the Jacobians').selectOption('training')
      await card.getByText(/takes each unit’s Jacobian/).waitFor()
      await card.getByLabel('Points of the Jacobians').selectOption('inference')
      await plot.waitFor()
      await card.getByLabel('Image of the test split, the first of a batch').fill('9999')
      await card.getByRole('button', { name: 'Measure' }).click()
      await expect.poll(() => card.getByRole('alert').innerText(), { timeout: 60_000 }).toContain('there is no image 9999')
    }),
  ))
