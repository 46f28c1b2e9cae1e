import { expect, it } from 'vitest'
import { tableOf, withApp, withHome } from './app-driver'

it('shows a network’s layers as operators: sorted, chosen by keys, as they wrap and as they pad, with a table behind each chart', () =>
  withHome((home) =>
    withApp(home, async (page) => {
      await page.getByRole('link', { name: /Spectra/ }).click()
      await page.getByRole('heading', { name: 'No weights chosen yet' }).waitFor()
      await page.getByLabel('Of: run, weights or network').selectOption('initial')
      await page.getByLabel('Of: preset').fill('proc-resnet:blocks=1,planes=4/8,input=16x16x3')
      await page.getByRole('button', { name: 'Show', exact: true }).click()
      const rows = page.getByRole('grid', { name: 'Layers' }).locator('tbody tr')
      await expect.poll(() => rows.count(), { timeout: 60_000 }).toBe(8)
      expect(await rows.first().innerText()).toContain('stem.conv')

      await page.getByRole('button', { name: 'σ₁', exact: true }).click()
      const first = async (): Promise<string> => (await rows.first().locator('th').innerText()).trim()
      const largest = await first()
      await page.getByRole('button', { name: /^σ₁/ }).first().click()
      await expect.poll(first).not.toBe(largest)
      await page.getByRole('button', { name: 'in order' }).click()

      await page.getByRole('region', { name: /Layers; arrow keys/ }).focus()
      await page.keyboard.press('ArrowDown')
      await page.keyboard.press('ArrowDown')
      await page.getByRole('heading', { name: 'stage1.block1.conv2' }).waitFor()
      await page.getByLabel('as it pads, too').check()
      await page.getByText(/as it pads σ₁ = /).waitFor({ timeout: 60_000 })
      const table = await tableOf(page, 'Singular values')
      const values = (name: string): number[] => table.filter(([word]) => word === name).map(([, , value]) => Number(value))
      const [circular, padded] = [values('as it wraps around'), values('as it pads')]
      // A page's table has the first of many.
      expect([circular.length, padded.length]).toEqual([500, 500])
      // What is cut off at the edges cannot stretch more.
      expect(padded[0]).toBeLessThan(circular[0]!)
      expect(await tableOf(page, 'All layers')).toHaveLength(8)
      expect((await tableOf(page, 'Histogram')).length).toBe(120)

      await page.getByLabel('Of: preset').fill('no-such-net')
      await page.getByRole('button', { name: 'Show', exact: true }).click()
      await expect.poll(() => page.getByRole('alert').first().innerText(), { timeout: 30_000 }).toContain('no-such-net')
    }),
  ))
