import { existsSync, readFileSync, readdirSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { startRun, tableOf, waitForState, withApp, withHome } from './app-driver'

test('two runs are trained, pinned, compared, kept, exported, deleted and taken in again', () =>
  withHome((home) =>
    withApp(home, async (page, app) => {
      const bundle = path.join(home, 'carried.normlab')
      await app.evaluate(({ dialog }, file) => {
        dialog.showSaveDialog = () => Promise.resolve({ canceled: false, filePath: file })
        dialog.showOpenDialog = () => Promise.resolve({ canceled: false, filePaths: [file] })
      }, bundle)
      await startRun(page, { epochs: 2, train: 32 })
      await waitForState(page, 'Done')
      await startRun(page, { network: 'plain:blocks=1,widths=4/8', epochs: 2, train: 32 })
      await waitForState(page, 'Done')

      // Mark both in the table, pin one, compare them.
      await page.getByRole('link', { name: 'Runs', exact: true }).first().click()
      await page.getByLabel('Filter of the runs').fill('plain blocks<10')
      await expect.poll(() => page.locator('tbody tr[aria-rowindex]').count()).toBe(1)
      await page.getByLabel('Mark plain', { exact: false }).click()
      await page.getByRole('button', { name: 'Pin', exact: true }).click()
      await page.getByLabel('Filter of the runs').fill('')
      await expect.poll(() => page.locator('tbody tr[aria-rowindex]').first().innerText()).toContain('plain')
      await page.getByLabel('Mark all that are shown').click()
      await page.getByRole('button', { name: 'Compare', exact: true }).click()
      await page
        .getByText('Settings and measures')
        .or(page.getByRole('region', { name: 'Settings and measures' }))
        .first()
        .waitFor()
      await expect.poll(() => page.locator('canvas.heat-map').count()).toBe(2)
      const loss = await tableOf(page, 'Training loss')
      expect(loss).toHaveLength(2)
      expect(loss.every((row) => Number.isFinite(Number(row[2])))).toBe(true)
      await page
        .getByRole('button', { name: /as baseline/ })
        .first()
        .click()
      await page.getByLabel('Name of this comparison').fill('with and without skips')
      await page.getByRole('button', { name: 'Keep' }).click()
      await page.getByText('Kept as').waitFor()

      // Kept comparisons open as they were.
      await page.evaluate(`location.hash = '#/runs'`)
      await page.evaluate(`location.hash = '#/compare'`)
      await page.getByText('Nothing to compare yet').waitFor()
      await page.getByLabel('Kept comparisons').selectOption({ label: 'with and without skips' })
      await expect.poll(() => page.locator('canvas.heat-map').count()).toBe(2)
      await expect.poll(() => page.getByRole('button', { name: /^baseline: / }).count()).toBe(1)

      // Export, delete, take in again: the same records.
      await page.evaluate(`location.hash = '#/runs/1'`)
      await waitForState(page, 'Done')
      const shown = await tableOf(page, 'Ratio per block')
      await page.getByText('Export').click()
      await page.getByRole('button', { name: /Bundle/ }).click()
      await page.getByText('Written to').waitFor()
      expect(existsSync(bundle)).toBe(true)
      await page.evaluate(`location.hash = '#/runs'`)
      await page.getByRole('button', { name: /^Delete proc-resnet/ }).click()
      await page.getByRole('button', { name: 'Delete', exact: true }).click()
      await expect.poll(() => page.locator('tbody tr[aria-rowindex]').count()).toBe(1)
      await page.getByRole('button', { name: 'Import…' }).click()
      await page.getByText('Taken in').waitFor()
      await page.getByRole('link', { name: /^proc-resnet/ }).click()
      await waitForState(page, 'Done')
      expect(await tableOf(page, 'Ratio per block')).toEqual(shown)
    }),
  ))

test('a chart is taken away as PNG, SVG and CSV with its title; a moment is annotated; steps open inside an epoch', () =>
  withHome((home) =>
    withApp(home, async (page, app) => {
      await app.evaluate(({ session }, folder) => {
        session.defaultSession.on('will-download', (_, item) => item.setSavePath(`${folder}/${item.getFilename()}`))
      }, home)
      await startRun(page, { epochs: 3, train: 32 })
      await waitForState(page, 'Done')
      for (const kind of ['PNG image', 'SVG image', 'CSV numbers']) {
        await page.getByLabel('Ratio, block × epoch: save as a file').click()
        await page.getByRole('button', { name: kind }).locator('visible=true').click()
      }
      const files = (): string[] => readdirSync(home).filter((name) => /\.(png|svg|csv)$/.test(name))
      await expect.poll(files, { timeout: 20_000 }).toHaveLength(3)
      const read = (ending: string): Buffer =>
        readFileSync(
          path.join(
            home,
            files().find((name) => name.endsWith(ending))!,
          ),
        )
      await expect.poll(() => read('.csv').toString().split('\n').length).toBe(2 + 3 * 6 + 1)
      expect(read('.svg').toString()).toContain('Ratio, block × epoch')
      expect(read('.png').subarray(1, 4).toString()).toBe('PNG')

      await page.getByRole('button', { name: 'Annotate…' }).click()
      await page.getByLabel('Annotation').fill('the end')
      await page.getByRole('button', { name: 'Save', exact: true }).click()
      await page.getByRole('button', { name: /1 · step 12/ }).waitFor()

      const map = page.locator('canvas.heat-map').first()
      await map.hover({ position: { x: 300, y: 30 } })
      await map.dblclick({ position: { x: 300, y: 30 } })
      await page
        .getByText(/steps 1–12|steps \d+–12/)
        .first()
        .waitFor()
    }),
  ))

test('a ready experiment runs from a click, and shows its results', () =>
  withHome((home) =>
    withApp(home, async (page) => {
      await page.evaluate(`location.hash = '#/experiments'`)
      const card = page.locator('article', { hasText: 'The paper’s figure' })
      await card.getByRole('button', { name: 'small' }).click()
      await card.getByRole('button', { name: 'Start 3 runs' }).dblclick()
      await page.getByText('3 of 3 runs done').waitFor({ timeout: 180_000 })
      const rows = await tableOf(page, 'Mean |r − 1|, blocks by network')
      expect(rows.map((row) => row[0])).toEqual(['ResNet', 'ProcResNet (projected)', 'ProcResNet v1 (L2 pooling)'])
      expect(rows.every((row) => Number(row[1]) > 0)).toBe(true)
      await page.getByRole('button', { name: 'Compare all' }).click()
      await expect.poll(() => page.locator('canvas.heat-map').count()).toBe(3)
      await page.evaluate(`location.hash = '#/experiments'`)
      const own = page.getByRole('list', { name: 'Your experiments' }).getByRole('listitem')
      await own.first().waitFor()
      await expect.poll(() => own.count(), { message: 'a double click starts one' }).toBe(1)
    }),
  ))
