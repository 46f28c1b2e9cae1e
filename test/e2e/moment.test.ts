import { expect, test } from 'vitest'
import { tableOf, withHome } from './app-driver'
import { end, serve, withPage } from './browser-driver'
import { trainExperiment } from './trained-home'

test('the scrubber’s moment holds for everything on a run’s page; smoothing begins at none', () =>
  withHome(async (home) => {
    await trainExperiment(home)
    const { address, server } = await serve(home)
    try {
      await withPage(async (page) => {
        await page.goto(address)
        await page.waitForSelector('nav[aria-label="Places"]')
        // Every second step is measured: of step 6 the norms are those of step 5.
        await page.evaluate(`location.hash = '#/runs/1?step=6'`)
        const summary = page.getByRole('complementary', { name: 'Summary' })
        await summary.getByText('step 5', { exact: true }).waitFor()
        await summary.getByText('step 6', { exact: true }).waitFor()
        await summary.getByText('Test accuracy, epoch 1').waitFor()
        for (const title of ['Ratio per block', 'Norms by block'])
          await page
            .locator('section.card header', { hasText: title })
            .getByText(/, step 5$/)
            .waitFor()
        const steps = await tableOf(page, 'Loss')
        expect(steps[0]![0]).toBe('6')
        const shown = await tableOf(page, 'Ratio per block')
        expect(shown.every((row) => Number(row[4]) > 0)).toBe(true)
        // A mark in the heat map's epoch and in each curve; the scrubber stands in the same epoch.
        await expect.poll(() => page.locator('.heat .row.selected').count()).toBe(1)
        await expect.poll(() => page.locator('.curve .mark.moment').count()).toBeGreaterThan(5)
        await page.getByRole('button', { name: 'epochs' }).last().click()
        await page.getByText('epoch 2 of 3').waitFor()
        await expect.poll(() => page.getByLabel('Smoothing').inputValue()).toBe('0')
      })
    } finally {
      await end(server)
    }
  }))
