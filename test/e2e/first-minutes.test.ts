import { expect, test } from 'vitest'
import { tableOf, waitForState, waitForSteps, withApp, withHome } from './app-driver'

// The README's first ten minutes, with the names and settings that are there when nothing is changed.
test('the first ten minutes go as the README tells them', () =>
  withHome((home) =>
    withApp(home, async (page) => {
      const rail = (name: string) => page.getByRole('link', { name, exact: true }).first()
      const stop = async (): Promise<void> => {
        await page.keyboard.press('Control+.')
        await waitForState(page, 'Stopped')
      }

      // 1: New run is filled in; its chart fills with stem, blocks and transitions.
      await rail('New run').click()
      await page.getByRole('button', { name: /^Start/ }).click()
      await page.waitForSelector('.run-state')
      await waitForSteps(page, 3)
      const units = await tableOf(page, 'Ratio per block')
      expect(units.map(([, name]) => name)).toEqual([
        ...['stem', 'stage1.block1', 'stage1.block2', 'stage1.block3', 'transition1'],
        ...['stage2.block1', 'stage2.block2', 'stage2.block3', 'transition2'],
        ...['stage3.block1', 'stage3.block2', 'stage3.block3'],
      ])
      await stop()

      // 3: the repair taken away by a clone, whose name says so.
      await page.getByRole('button', { name: /Clone…/ }).click()
      await page.getByLabel('Projection', { exact: true }).selectOption({ label: 'None' })
      await page.getByRole('button', { name: /^Start/ }).click()
      await page.getByText('#2 ·').waitFor()
      await waitForSteps(page, 3)
      await stop()

      // 4: side by side, each with its curve, and the setting that differs.
      await rail('Runs').click()
      const table = page.locator('table').first()
      await expect.poll(() => table.textContent()).toMatch(/projection none/)
      await page.getByLabel('Mark all that are shown').click()
      await page.getByRole('button', { name: 'Compare', exact: true }).click()
      await expect.poll(() => tableOf(page, 'Training loss').then((rows) => rows.length), { timeout: 30_000 }).toBe(2)
      await expect.poll(() => page.locator('canvas.heat-map').count()).toBe(2)
      await expect.poll(() => page.getByRole('region', { name: 'Settings and measures' }).innerText()).toMatch(/projection/i)

      // 6: a network drawn, made a ProcResNet, and trained from there.
      await rail('Design').click()
      await page.getByRole('button', { name: 'Open ResNet', exact: true }).click()
      await page.getByRole('tab', { name: /Theory/ }).click()
      await page.getByRole('button', { name: 'Make it a ProcResNet (projected)' }).click()
      await page.getByText('Saved', { exact: true }).waitFor()
      await page.getByRole('button', { name: /Train…/ }).click()
      await page.getByText('Your network').waitFor()
    }),
  ))
