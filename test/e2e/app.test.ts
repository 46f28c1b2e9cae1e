import { readdirSync, readFileSync, rmSync } from 'node:fs'
import path from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { enginePid, heatMapColours, startRun, tableOf, waitForState, waitForSteps, withApp, withHome } from './app-driver'

/** Ratios in a table of the profile: their column is the fifth. */
const ratiosIn = (rows: readonly string[][]): number[] => rows.map((row) => Number(row[4]))

test('a run is started, fills its charts, is stopped, and is found again with its records after a restart', () =>
  withHome(async (home) => {
    let shown: string[][] = []
    await withApp(home, async (page) => {
      await page.getByText('No runs yet').waitFor()
      await startRun(page, { epochs: 100_000, train: 32 })
      await waitForSteps(page, 12)

      const live = await tableOf(page, 'Ratio per block')
      expect(live.map((row) => row[1])).toEqual([
        'stem',
        'stage1.block1',
        'transition1',
        'stage2.block1',
        'transition2',
        'stage3.block1',
      ])
      expect(ratiosIn(live).every((ratio) => Number.isFinite(ratio) && ratio > 0)).toBe(true)
      await expect.poll(() => heatMapColours(page)).toBeGreaterThan(5)

      const machine = (disabled: boolean) => page.getByRole('button', { name: 'Measure it', disabled })
      await machine(true).waitFor()
      await page.getByText('once no run trains').waitFor()
      await page.locator('footer').click()
      await page.keyboard.press('Space')
      await waitForState(page, 'Paused')
      await machine(false).waitFor()
      await page.getByRole('button', { name: /Resume/ }).click()
      await waitForState(page, 'Running')
      await page.keyboard.press('Control+.')
      await waitForState(page, 'Stopped')
      shown = await tableOf(page, 'Ratio per block')
    })
    await withApp(home, async (page) => {
      await page.getByRole('link', { name: /^proc-resnet/ }).click()
      await waitForState(page, 'Stopped')
      expect((await tableOf(page, 'Ratio per block')).map((row) => row.slice(0, 5))).toEqual(shown.map((row) => row.slice(0, 5)))
      expect((await tableOf(page, 'Loss')).length).toBeGreaterThanOrEqual(12)
      await expect.poll(() => heatMapColours(page)).toBeGreaterThan(5)
    })
  }))

test('a run whose engine is killed goes on by itself and says so; stopped, it is resumed from the page', () =>
  withHome((home) =>
    withApp(home, async (page, app) => {
      await startRun(page, { epochs: 100_000, train: 32 })
      await waitForSteps(page, 3)
      const killed = enginePid(app)
      process.kill(killed, 'SIGKILL')
      await page
        .getByText(/the run goes on from its last checkpoint|Went on after step/)
        .first()
        .waitFor()
      await waitForState(page, 'Running')
      expect(enginePid(app)).not.toBe(killed)

      await page.getByRole('button', { name: /^Stop/ }).click()
      await waitForState(page, 'Stopped')
      const steps = (await tableOf(page, 'Loss')).length
      await page.getByRole('button', { name: /^Resume/ }).click()
      await waitForState(page, 'Running')
      await waitForSteps(page, steps + 3)
      await page.getByRole('button', { name: /^Stop/ }).click()
      await waitForState(page, 'Stopped')
    }),
  ))

// Some lengths of the document on its way to the engine cost Electron 22 its main process, as V8's own encoding does there.
test('a run starts whatever the length of its network’s document', () =>
  withHome((home) =>
    withApp(home, async (page) => {
      for (const network of ['preact-resnet:blocks=2,planes=4/8/16', 'preact-resnet:blocks=3,planes=2/4/8']) {
        await startRun(page, { network, epochs: 2, train: 32 })
        await waitForState(page, 'Done')
      }
    }),
  ))

test('a page that falls over is loaded again while the run goes on', () =>
  withHome((home) =>
    withApp(home, async (page, app) => {
      await startRun(page, { epochs: 100_000, train: 32 })
      await waitForSteps(page, 3)
      // Playwright holds a crashed page for lost, so the new one is asked through the main process.
      await app.evaluate(async ({ BrowserWindow }) => {
        const { webContents } = BrowserWindow.getAllWindows()[0]!
        const loaded = new Promise<void>((resolve) => webContents.once('did-finish-load', () => resolve()))
        webContents.forcefullyCrashRenderer()
        await loaded
      })
      const read = (): Promise<string> =>
        app.evaluate(({ BrowserWindow }) =>
          BrowserWindow.getAllWindows()[0]!.webContents.executeJavaScript('document.body.innerText'),
        )
      await expect.poll(read, { timeout: 30_000 }).toMatch(/Running[\s\S]*loaded again\. Runs went on meanwhile/)
    }),
  ))

test('closing over a run asks first, and a no leaves all as it is', () =>
  withHome((home) =>
    withApp(home, async (page, app) => {
      await startRun(page, { epochs: 100_000, train: 32 })
      await waitForSteps(page, 2)
      const asked = await app.evaluate(async ({ BrowserWindow, dialog }) => {
        const before = dialog.showMessageBox
        const question = new Promise<string>((resolve) => {
          dialog.showMessageBox = ((_: unknown, { message, buttons }: { message: string; buttons: string[] }) => {
            resolve(message)
            return Promise.resolve({ response: buttons.indexOf('Cancel'), checkboxChecked: false })
          }) as typeof dialog.showMessageBox
        })
        BrowserWindow.getAllWindows()[0]!.close()
        const message = await question
        dialog.showMessageBox = before
        return message
      })
      expect(asked).toContain('still going on')
      await waitForSteps(page, 4)
      await waitForState(page, 'Running')
    }),
  ))

test('diagnostics and a backup are written where the dialog says, and a crash of the page is on record', () =>
  withHome((home) =>
    withApp(home, async (page, app) => {
      // Beside the data folder: no backup may lie within it.
      const out = `${home}-told.txt`
      onTestFinished(() => rmSync(out, { force: true }))
      await app.evaluate(({ dialog }, filePath) => {
        dialog.showSaveDialog = (() => Promise.resolve({ canceled: false, filePath })) as never
      }, out)
      await page.evaluate(`location.hash = '#/settings'`)
      await page.getByRole('button', { name: 'Diagnostics…' }).click()
      await page.getByText(`Written to ${out}.`).waitFor()
      expect(readFileSync(out, 'utf8')).toMatch(/== Crashes ==\nnone on record/)
      expect(readFileSync(out, 'utf8')).not.toContain(home)
      await page.evaluate(`location.hash = '#/settings/disk'`)
      await page.getByRole('button', { name: 'Back up…' }).click()
      await page.getByText(/^0 runs and all that belongs to them, .*B, are in /).waitFor()
      expect(readFileSync(out).subarray(0, 100).toString('utf8')).toContain('backup')
      await app.evaluate(async ({ BrowserWindow }) => {
        const { webContents } = BrowserWindow.getAllWindows()[0]!
        const loaded = new Promise<void>((resolve) => webContents.once('did-finish-load', () => resolve()))
        webContents.forcefullyCrashRenderer()
        await loaded
      })
      const crashpad = path.join(home, 'window/Crashpad')
      await expect
        .poll(() => readdirSync(crashpad, { recursive: true }).filter((name) => String(name).endsWith('.dmp')).length)
        .toBe(1)
      expect(readFileSync(path.join(home, 'normlab.log'), 'utf8')).toContain('page’s process gone'.replace('’', "'"))
    }),
  ))
