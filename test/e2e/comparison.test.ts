import { expect, test } from 'vitest'
import type { Page } from 'playwright-core'
import { startRun, tableOf, waitForState, withApp, withHome } from './app-driver'

/** How many pixels of a chart have about each of these colours: whether a curve of it is to be seen. */
async function pixelsOf(page: Page, chart: string, colours: readonly string[]): Promise<number[]> {
  return page.evaluate(`(() => {
    const canvas = document.querySelector('[role=img][aria-label^="${chart} of"] canvas')
    const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height)
    return ${JSON.stringify(colours)}.map((name) => {
      const wanted = getComputedStyle(document.documentElement).getPropertyValue(name).trim()
      const parts = [1, 3, 5].map((at) => parseInt(wanted.slice(at, at + 2), 16))
      let count = 0
      for (let i = 0; i < data.length; i += 4) {
        const off = parts.reduce((sum, part, channel) => sum + Math.abs(data[i + channel] - part), 0)
        if (data[i + 3] > 200 && off < 60) count++
      }
      return count
    })
  })()`)
}

test('two runs of one preset with default names, a clone with another seed: each has its curves, labels and numbers', () =>
  withHome((home) =>
    withApp(home, async (page) => {
      await startRun(page, { epochs: 2, train: 32 })
      await waitForState(page, 'Done')
      await startRun(page, { epochs: 2, train: 32 })
      await waitForState(page, 'Done')
      await page.getByRole('button', { name: /Clone…/ }).click()
      await page.getByLabel('Seed', { exact: true }).fill('7')
      await page.getByRole('button', { name: /Start/ }).click()
      await page.getByText('#3 ·').waitFor()
      await waitForState(page, 'Done')

      await page.getByRole('link', { name: 'Runs', exact: true }).first().click()
      await page.getByLabel('Mark all that are shown').click()
      await page.getByRole('button', { name: 'Compare', exact: true }).click()
      const series = ['--series-1', '--series-2', '--series-3']
      await expect.poll(() => tableOf(page, 'Training loss').then((rows) => rows.length), { timeout: 30_000 }).toBe(3)
      const rows = await tableOf(page, 'Training loss')
      // Newest first as in the list; each label tells its number.
      expect(rows.map(([label]) => /^#\d/.exec(label!)?.[0])).toEqual(['#3', '#2', '#1'])
      expect(new Set(rows.map(([label]) => label)).size).toBe(3)
      // The first two are the same to the last bit, the clone is another run.
      expect(rows[1]![2]).toBe(rows[2]![2])
      expect(rows[0]![2]).not.toBe(rows[1]![2])
      // Alike curves lie over each other: the later one and the clone are to be seen.
      await expect
        .poll(async () => (await pixelsOf(page, 'Training loss', series)).filter((count) => count > 30).length)
        .toBeGreaterThan(1)

      // As one, over their seeds: a mean with n, and the table with its deviation. The seed that two of them have counts once.
      await page.getByLabel('Mean over seeds').check()
      await expect.poll(() => tableOf(page, 'Training loss').then((found) => found.length)).toBe(1)
      const [mean] = await tableOf(page, 'Training loss')
      expect(mean![0]).toContain('n = 2')
      expect(mean![3]).toMatch(/± .*n = 2/)
      await expect.poll(() => page.getByRole('region', { name: 'Settings and measures' }).innerText()).toContain('±')
    }),
  ))

test('marked runs that are hidden are not touched; what is deleted comes back by Undo, or from the deleted ones', () =>
  withHome((home) =>
    withApp(home, async (page) => {
      for (const network of ['plain:blocks=1,widths=2/4', 'plain:blocks=1,widths=2/4', 'plain:blocks=1,widths=4/8']) {
        await startRun(page, { network, epochs: 1, train: 16 })
        await waitForState(page, 'Done')
      }
      const rows = page.locator('tbody tr[aria-rowindex]')
      await page.getByRole('link', { name: 'Runs', exact: true }).first().click()
      await page.getByLabel('Mark all that are shown').click()
      await page.getByLabel('Filter of the runs').fill('network:4/8')
      await expect.poll(() => rows.count()).toBe(1)
      await page.getByText('2 marked runs are out of sight').waitFor()
      await page.getByRole('button', { name: 'Archive', exact: true }).click()
      await page.getByText(/^Archived: #3 (?!.*#)/).waitFor()
      await page.getByLabel('Filter of the runs').fill('')
      await expect.poll(() => rows.count()).toBe(2)

      await page.getByRole('button', { name: 'Delete', exact: true }).click()
      const dialog = page.getByRole('dialog')
      await dialog.getByText(/#2 .*#1 /).waitFor()
      await dialog.getByRole('button', { name: 'Delete', exact: true }).click()
      await page.getByText(/^Deleted: #2 .* and #1 .* can be restored until/).waitFor()
      await expect.poll(() => rows.count()).toBe(0)
      await page.getByRole('button', { name: 'Undo' }).last().click()
      await expect.poll(() => rows.count()).toBe(2)

      await page.getByRole('button', { name: /^Delete plain.*#1$/ }).click()
      await dialog.getByRole('button', { name: 'Delete', exact: true }).click()
      await expect.poll(() => rows.count()).toBe(1)
      await page.getByRole('link', { name: 'Deleted 1' }).click()
      await page.getByRole('button', { name: /^Restore #1/ }).click()
      await page.getByText('Nothing is here').waitFor()
      await page.getByRole('link', { name: 'All runs' }).click()
      await expect.poll(() => rows.count()).toBe(2)
      await page.getByRole('button', { name: /^Delete plain.*#1$/ }).click()
      await dialog.getByRole('button', { name: 'Delete', exact: true }).click()
      await page.getByRole('link', { name: 'Deleted 1' }).click()
      await page.getByRole('button', { name: /^Delete #1 .* for good$/ }).click()
      await dialog.getByRole('button', { name: 'Delete for good' }).click()
      await page.getByText('Nothing is here').waitFor()
    }),
  ))

test('a filter that is wrong says so and shows no run; fields and values are completed with the keyboard', () =>
  withHome((home) =>
    withApp(home, async (page) => {
      await startRun(page, { network: 'plain:blocks=1,widths=2/4', epochs: 1, train: 16 })
      await waitForState(page, 'Done')
      await page.getByRole('link', { name: 'Runs', exact: true }).first().click()
      const rows = page.locator('tbody tr[aria-rowindex]')
      const filter = page.getByLabel('Filter of the runs')
      for (const wrong of ['constructor=1', 'toString:x', 'hasOwnProperty=1', 'is:constructor', 'is:__proto__']) {
        await filter.fill(wrong)
        await page.getByRole('alert').getByText('In the filter, at character 1').waitFor()
        await expect.poll(() => rows.count()).toBe(0)
      }
      await filter.fill('')
      await filter.pressSequentially('sta')
      await page.getByRole('option', { name: /^state:/ }).waitFor()
      await filter.press('ArrowDown')
      await filter.press('Enter')
      await filter.pressSequentially('do')
      await filter.press('ArrowDown')
      await filter.press('Tab')
      await expect.poll(() => filter.inputValue()).toBe('state:done ')
      await expect.poll(() => rows.count()).toBe(1)
      await filter.fill('blocks>5')
      await page.getByText('No run fits the filter').waitFor()
    }),
  ))
