import { expect, it } from 'vitest'
import { startRun, tableOf, withApp, withHome } from './app-driver'

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
      await expect.poll(() => rows.first().innerText()).toContain('stem.conv')

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

it('changes a layer: spectrum, ratio and accuracy before and after; the copy is kept, tested in the library, and a run begins with it', () =>
  withHome((home) =>
    withApp(home, async (page) => {
      const go = (address: string) => page.evaluate(`location.hash = ${JSON.stringify(address)}`)
      await startRun(page, { network: 'proc-resnet:blocks=1,planes=4/8', epochs: 1, train: 64 })
      await expect.poll(() => page.locator('.run-state').innerText(), { timeout: 60_000 }).toMatch(/done/i)

      await go('#/spectra?of=run:1&layer=stage1.block1.conv1')
      await page.getByRole('heading', { name: 'stage1.block1.conv1' }).waitFor({ timeout: 60_000 })
      await page.getByRole('button', { name: 'Change…' }).click()
      const dialog = page.getByRole('dialog', { name: 'Change stage1.block1.conv1' })
      await dialog.getByLabel('What is done to its singular values').selectOption('project')
      const sets = dialog.getByLabel('measured on')
      // Digits have 8×8 grey pixels, which this network does not take.
      await expect.poll(() => sets.locator('option').allInnerTexts()).toContain('shapes10')
      await expect.poll(() => sets.locator('option').allInnerTexts()).not.toContain('digits')
      await sets.selectOption('shapes10')
      await dialog.getByRole('button', { name: 'Try' }).click()
      const rows = dialog.locator('table').first().locator('tbody tr')
      await expect.poll(() => rows.count(), { timeout: 90_000 }).toBe(7)
      const told = new Map((await rows.allInnerTexts()).map((row) => [row.split('\t')[0]!, row.split('\t').slice(1)]))
      expect([...told.keys()]).toEqual([
        ...['largest singular value', 'smallest', 'distance to the nearest isometry', 'ratio of stage1.block1'],
        ...['chain ratio', 'test accuracy', 'test loss'],
      ])
      const [before, after] = told.get('largest singular value')!.map(Number)
      expect(after).not.toBe(before)
      for (const [was, is] of told.values()) expect([was, is]).not.toContain('–')

      await dialog.getByLabel('Name in the library').fill('Projected once')
      await dialog.getByRole('button', { name: 'Keep in the library' }).click()
      await dialog.getByRole('button', { name: 'Kept in the library' }).waitFor({ timeout: 60_000 })
      await dialog.getByRole('link', { name: 'Train on from it' }).click()
      await page.getByRole('button', { name: /Start/ }).waitFor()
      await page.getByLabel('Epochs', { exact: true }).fill('1')
      await page.getByLabel('Training images').fill('32')
      await page.getByLabel('Test images').fill('32')
      await page.getByLabel('Batch, images').fill('8')
      await page.getByRole('button', { name: /Start/ }).click()
      await page.waitForSelector('.run-state')
      await expect.poll(() => page.locator('.run-state').innerText(), { timeout: 60_000 }).toMatch(/done/i)

      await go('#/design')
      await page.getByRole('button', { name: 'Test Projected once' }).click()
      const test = page.getByRole('dialog', { name: 'Test Projected once' })
      await test.getByLabel('Data set').selectOption('shapes10')
      await test.getByRole('button', { name: 'Test', exact: true }).click()
      await expect.poll(() => test.getByRole('status').last().innerText(), { timeout: 60_000 }).toContain('Accuracy')
      // Another figure than the run's: its images were standardised by the 64 that it was trained on, and these by the whole set.
      await expect
        .poll(() => test.getByRole('status').last().innerText())
        .toMatch(/Accuracy \d+\.\d+ %, loss \d\.\d+, of 2\s?000 images/)
    }),
  ))
