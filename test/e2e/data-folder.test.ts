import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { gunzipSync } from 'node:zlib'
import type { ElectronApplication, Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { chooseFiles, root, withApp, withHome } from './app-driver'

/** A data folder with two runs, from an earlier version. */
function makeFolder(folder: string): string {
  mkdirSync(folder)
  const kept = path.join(root, 'test/unit/store/released/6.db.gz')
  writeFileSync(path.join(folder, 'normlab.db'), gunzipSync(readFileSync(kept)))
  return folder
}

/** Where the app is opened again is written into a file, and it is not: nobody would close it. */
const keepNextStart = (app: ElectronApplication, file: string): Promise<void> =>
  app.evaluate(({ app: electron }, place) => {
    const { writeFileSync: write } = process.mainModule!.require('node:fs') as { writeFileSync: typeof writeFileSync }
    electron.relaunch = (options) => write(place, JSON.stringify(options?.args ?? null))
  }, file)

async function openDisk(page: Page): Promise<void> {
  await page.evaluate(`location.hash = '#/settings/disk'`)
  await page.getByRole('heading', { name: 'Data folder' }).waitFor()
}

test('the data folder is backed up, restored elsewhere and moved, and is opened where it went', () =>
  withHome(async (folder) => {
    const at = (name: string): string => path.join(folder, name)
    const home = makeFolder(at('a home'))
    await withApp(home, async (page, app) => {
      await openDisk(page)
      const press = (name: string): Promise<void> => page.getByRole('button', { name, exact: true }).click()
      const dialog = page.getByRole('dialog')
      const choose = async (what: string, file: string): Promise<void> => {
        await chooseFiles(app, [file])
        await dialog.getByRole('button', { name: `Choose: ${what}` }).click()
        await dialog.getByText(path.basename(file), { exact: true }).waitFor()
      }
      const act = (name: string): Promise<void> => dialog.getByRole('button', { name, exact: true }).click()

      await app.evaluate(({ dialog: system }, filePath) => {
        system.showSaveDialog = () => Promise.resolve({ canceled: false, filePath })
      }, at('all.tar'))
      await press('Back up…')
      await page
        .getByText(/^2 runs and all that belongs to them, .* are in .*all\.tar\.$/)
        .first()
        .waitFor()

      // What is no data folder is refused where it was chosen.
      mkdirSync(at('notes'))
      writeFileSync(at('notes/mine.txt'), '')
      await press('Use another…')
      await choose('Data folder', at('notes'))
      await act('Close and open there')
      await dialog.getByText(/this is no data folder of NormLab/i).waitFor()
      await page.keyboard.press('Escape')

      mkdirSync(at('restored'))
      await press('Restore a backup…')
      await choose('Backup', at('all.tar'))
      await choose('New folder', at('restored'))
      await act('Restore')
      await page.getByText(/^The backup with 2 runs is in .*restored\. The folder that is open stays as it is\.$/).waitFor()
      expect(existsSync(at('restored/normlab.db'))).toBe(true)

      mkdirSync(at('moved'))
      await press('Move…')
      await choose('New place', at('moved'))
      await act('Move')
      await page.getByText(/^All is copied to .*moved but the run store/).waitFor()
      await keepNextStart(app, at('next.json'))
      const closed = app.waitForEvent('close')
      await press('Close and open there')
      await closed
      expect((JSON.parse(readFileSync(at('next.json'), 'utf8')) as string[]).slice(-2)).toEqual(['--home', at('moved')])
    })
    await withApp(at('moved'), async (page) => {
      await openDisk(page)
      await page.getByText(at('moved'), { exact: true }).waitFor()
      await expect.poll(() => page.locator('tbody tr input[type=checkbox]').count()).toBe(2)
    })
  }))
