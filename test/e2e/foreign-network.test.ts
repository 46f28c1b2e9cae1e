import path from 'node:path'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { root } from './app-driver'
import { node } from './designer-driver'
import { end, serve, type Served, withPage } from './browser-driver'

const home = mkdtempSync(path.join(tmpdir(), 'normlab-foreign-'))
let served: Served
beforeAll(async () => {
  served = await serve(home)
})
afterAll(async () => {
  await end(served.server)
  rmSync(home, { recursive: true, force: true })
})

it('brings in an ONNX file with a report, opens it, and takes it out again', async () => {
  await withPage(async (page, complaints) => {
    await page.goto(served.address)
    await page.getByRole('link', { name: 'Design', exact: true }).first().click()
    const choose = async (): Promise<void> => {
      const chooser = page.waitForEvent('filechooser')
      await page.getByRole('button', { name: 'From ONNX, Keras or PyTorch…' }).click()
      await (await chooser).setFiles(path.join(root, 'test/golden/reference/foreign/resnet.onnx'))
    }
    await choose()
    const dialog = page.getByRole('dialog')
    await dialog.getByRole('heading', { name: '“resnet” is in the library' }).waitFor()
    await dialog.getByText('stage1.block: 3 copies of 7 layers').waitFor()
    if (process.env['NORMLAB_SHOTS']) await page.screenshot({ path: `${process.env['NORMLAB_SHOTS']}/report.png` })
    await dialog.getByRole('button', { name: 'Undo' }).click()
    await dialog.waitFor({ state: 'detached' })
    await page.getByText('“resnet” was deleted.').waitFor()
    await choose()
    await dialog.getByRole('link', { name: 'Open' }).click()
    await node(page, 'stage2').waitFor()
    if (process.env['NORMLAB_SHOTS']) await page.screenshot({ path: `${process.env['NORMLAB_SHOTS']}/open.png` })
    expect(complaints).toEqual([])
  })
})
