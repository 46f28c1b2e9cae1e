import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { networkFromPreset } from '../../shared/architecture'
import { tableOf, waitForState, withApp, withHome } from './app-driver'
import { entry, exported, node, openDesigner, saveInto, tool } from './designer-driver'

/** An entry of the menu of files. */
async function exportAs(page: Page, name: RegExp): Promise<void> {
  await page.getByText('Export', { exact: true }).click()
  await page.getByRole('button', { name }).click()
}

test('weights go out and come in, are measured and trained with; what is no weights says so', () =>
  withHome((home) =>
    withApp(home, async (page, app) => {
      const file = path.join(home, 'weights.safetensors')
      await app.evaluate(({ dialog }, to) => {
        dialog.showSaveDialog = () => Promise.resolve({ canceled: false, filePath: to })
        dialog.showOpenDialog = () => Promise.resolve({ canceled: false, filePaths: [to] })
      }, file)
      await openDesigner(page, `preset=${encodeURIComponent('proc-resnet:blocks=1,planes=4/8/16')}`)
      await node(page, 'stem').click()
      await page.keyboard.press('Alt+ArrowRight')
      await page.getByText('Saved', { exact: true }).waitFor()
      await page.getByText('Export', { exact: true }).click()
      await page.getByLabel('Seed').fill('7')
      await page.getByRole('button', { name: /^Initial weights/ }).click()
      await page.getByText(/parameters written to/).waitFor()
      const weights = readFileSync(file)

      writeFileSync(file, 'no tensors at all')
      await exportAs(page, /^Bring weights in/)
      await page.getByText(/no file of weights that is known/).waitFor()
      writeFileSync(file, weights)
      await exportAs(page, /^Bring weights in/)
      await page.getByText(/has the weights of weights\.safetensors now/).waitFor()

      // A run that begins with them measures in step 1 what a run of that seed does.
      const ratios = async (begin: () => Promise<void>): Promise<string[]> => {
        await begin()
        await page.getByLabel('Epochs', { exact: true }).fill('1')
        await page.getByLabel('Steps at most').fill('1')
        await page.getByLabel('Training images').fill('32')
        await page.getByLabel('Test images').fill('16')
        await page.getByLabel('Batch, images').fill('8')
        await page.getByLabel('Seed', { exact: true }).fill('7')
        await page.getByRole('button', { name: /^Start/ }).click()
        await waitForState(page, 'Done')
        return (await tableOf(page, 'Ratio per block')).map((row) => row[4]!)
      }
      const withWeights = await ratios(async () => {
        await page.getByRole('button', { name: 'Train…' }).click()
        await expect.poll(() => page.getByLabel(/Begin with the network’s own weights/).isChecked()).toBe(true)
      })
      const without = await ratios(() =>
        page.evaluate(`location.hash = '#/new?network=proc-resnet:blocks=1,planes=4/8/16&dataset=shapes10'`),
      )
      expect(withWeights).toEqual(without)
      expect(withWeights.every((ratio) => Number(ratio) > 0)).toBe(true)
    }),
  ))

test('a block is kept and used again; a network is renamed, duplicated, deleted and brought back; pictures are written', () =>
  withHome((home) =>
    withApp(home, async (page, app) => {
      await saveInto(app, home)
      await openDesigner(page, 'preset=resnet-20')
      await page.getByRole('button', { name: 'Open stage1', exact: true }).click()
      await tool(page, 'Fit the network into the window').click()
      await node(page, 'stage1/block').click({ position: { x: 12, y: 8 } })
      await page.keyboard.press('Control+B')
      await page.getByText(/is in the library, and in the palette/).waitFor()
      await entry(page, 'block').click()
      await node(page, 'stage1/block-b').waitFor()
      expect((await exported(page, home)).nodes[2]).toMatchObject({
        id: 'stage1',
        nodes: [{ id: 'block', repeat: 3 }, { id: 'block-b' }],
      })

      for (const ending of ['svg', 'png']) {
        await exportAs(page, new RegExp(ending, 'i'))
        await expect.poll(() => readdirSync(home).filter((name) => name.endsWith(`.${ending}`)).length).toBe(1)
      }
      const picture = path.join(
        home,
        readdirSync(home).find((name) => name.endsWith('.svg'))!,
      )
      await expect.poll(() => readFileSync(picture, 'utf8')).toContain('</svg>')
      expect(readFileSync(picture, 'utf8')).toContain('×3')

      await page.getByRole('link', { name: 'Library' }).click()
      const card = page.getByRole('listitem').filter({ hasText: 'resnet-20, edited' })
      await card.getByRole('link').first().focus()
      await page.keyboard.press('F2')
      await page.getByLabel('Name', { exact: true }).fill('mine')
      await page.keyboard.press('Enter')
      await page.getByRole('link', { name: 'mine', exact: true }).focus()
      await page.keyboard.press('Control+D')
      await page.getByRole('link', { name: /^mine.+/ }).waitFor()
      await page.getByRole('link', { name: 'mine', exact: true }).focus()
      await page.keyboard.press('Delete')
      await page.getByRole('link', { name: 'mine', exact: true }).waitFor({ state: 'detached' })
      await page.getByRole('button', { name: 'Undo' }).click()
      await page.getByRole('link', { name: 'mine', exact: true }).waitFor()

      // Files: a whole one, a broken one, and one with a kind that there is not.
      const files = {
        'whole.json': JSON.stringify(networkFromPreset('plain-8')),
        'broken.json': '{ "format": "normlab/network",\n "version": 1,,',
        'other.json': '{"format":"onnx"}',
      }
      for (const [name, text] of Object.entries(files)) writeFileSync(path.join(home, name), text)
      const chooser = page.waitForEvent('filechooser')
      await page.getByRole('button', { name: 'Import…' }).click()
      await (await chooser).setFiles(Object.keys(files).map((name) => path.join(home, name)))
      await page.getByRole('link', { name: 'plain-8', exact: true }).waitFor()
      await page.getByText(/other\.json: this is not a network document/).waitFor()
      // The newest has the row; what was said before is one press away.
      await page.getByRole('button', { name: /^\d more$/ }).click()
      await page.getByText(/broken\.json, line 2, column \d+/).waitFor()
      expect(existsSync(path.join(home, 'normlab.db'))).toBe(true)
    }),
  ))
