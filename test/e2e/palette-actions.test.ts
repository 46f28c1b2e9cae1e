import { expect, test } from 'vitest'
import { withHome } from './app-driver'
import { end, serve, withPage } from './browser-driver'
import { trainExperiment } from './trained-home'

test('runs are marked, compared, renamed and deleted from the palette, and what a page shows is chosen there', () =>
  withHome(async (home) => {
    await trainExperiment(home)
    const { address, server } = await serve(home)
    try {
      await withPage(async (page, complaints) => {
        await page.goto(address)
        await page.waitForSelector('nav[aria-label="Places"]')
        const palette = page.getByRole('dialog', { name: 'Find and do' })
        const first = palette.getByRole('option').first()
        const perform = async (words: string, label: string | RegExp): Promise<void> => {
          await page.keyboard.press('Control+K')
          await palette.waitFor()
          await page.keyboard.type(words)
          await expect.poll(() => first.innerText()).toMatch(label)
          await page.keyboard.press('Enter')
          await expect.poll(() => palette.isVisible()).toBe(false)
        }
        const go = async (place: string): Promise<void> => {
          await page.evaluate(`location.hash = ${JSON.stringify(place)}`)
          await page.locator('main .page').first().waitFor()
          await expect.poll(() => page.locator('.skeleton').count()).toBe(0)
        }
        const hash = (): Promise<string> => page.evaluate<string>('location.hash')

        await go('#/runs')
        await perform('mark all', /^Mark all runs shown/)
        await page.getByText('6 marked').waitFor()
        await perform('star marked', /^Star the marked runs/)
        await page.getByText(/^Starred: /).waitFor()
        // What is done to one of many is found by its name.
        await perform('peek #2', /^Peek at .*#2$/)
        await page.getByRole('link', { name: /^New run with the settings of/ }).waitFor()
        await perform('filter the runs', /^Filter the runs/)
        await expect.poll(() => page.evaluate('document.activeElement.getAttribute("aria-label")')).toBe('Filter of the runs')
        await perform('compare marked', /^Compare the marked runs/)
        await expect.poll(hash).toMatch(/^#\/compare\?runs=/)

        await page.getByRole('checkbox', { name: 'Log scale' }).waitFor()
        const before = await page.getByRole('checkbox', { name: 'Log scale' }).isChecked()
        await perform('log scale', /^Log scale/)
        await expect.poll(() => page.getByRole('checkbox', { name: 'Log scale' }).isChecked()).toBe(!before)
        await perform('name the comparison', /^Name the comparison/)
        await page.keyboard.type('Six of them')
        await perform('keep the comparison', /^Keep the comparison/)
        await page.getByRole('combobox', { name: 'Kept comparisons' }).waitFor()

        await go('#/runs/4')
        await page.getByRole('heading', { name: 'Ratio per block' }).waitFor()
        await perform('rename', /^Rename the run/)
        await page.keyboard.type('The fourth')
        await page.keyboard.press('Enter')
        await page.getByRole('heading', { name: 'The fourth' }).waitFor()
        await perform('ratio per block: show the table', /^Ratio per block: show the table/)
        await page.getByRole('button', { name: 'Ratio per block: show the chart' }).waitFor()
        await perform('delete the run', /^Delete the run/)
        await page.getByRole('dialog', { name: 'Delete this run?' }).waitFor()
        await page.keyboard.press('Tab')
        await page.keyboard.press('Enter')
        await page.getByText(/^Deleted: .*The fourth/).waitFor()
        await expect.poll(hash).toBe('#/runs')

        // What the runs take, and whether the store is whole.
        await perform('disk use', /^Disk use/)
        await page.getByRole('heading', { name: 'Disk use' }).waitFor()
        await perform('check the store', /^Check the store/)
        await expect.poll(() => page.locator('main').innerText()).toMatch(/The store is whole: 5 runs/)
        await perform('mark #1', /^Mark #1/)
        await page.getByText('1 run marked').waitFor()
        await perform('delete the marked', /^Delete the marked runs/)
        await page.getByRole('dialog', { name: 'Delete 1 run?' }).getByRole('button', { name: 'Delete' }).click()
        await page.getByRole('row', { name: /#1 .*deleted/ }).waitFor()
        expect(complaints).toEqual([])
      })
    } finally {
      await end(server)
    }
  }))
