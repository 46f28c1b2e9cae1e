import { spawn } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import type { ElectronApplication } from 'playwright-core'
import { expect, test } from 'vitest'
import { electronExecutable, electronFolder } from '../../main/resources'
import { root, startRun, waitForState, waitForSteps, withApp, withHome } from './app-driver'

const NETWORK = {
  ...{ format: 'normlab/network', version: 1, name: 'opened' },
  nodes: [
    { id: 'input', kind: 'input', attributes: { height: 8, width: 8, channels: 3 } },
    { id: 'pool', kind: 'global-average-pool' },
    { id: 'head', kind: 'dense', attributes: { units: 10 } },
    { id: 'loss', kind: 'softmax-cross-entropy' },
  ],
}

/** Starts the app again on the same folder; ends when that start has. */
async function startAgain(home: string, ...words: string[]): Promise<number | null> {
  const sandbox = process.getuid?.() === 0 ? ['--no-sandbox'] : []
  const second = spawn(electronExecutable(electronFolder(root) ?? '')!, [...sandbox, root, '--home', home, ...words], {
    stdio: 'ignore',
  })
  return new Promise((resolve) => second.once('exit', resolve))
}

/** Answers the question about closing with the button of this label. */
const answerWith = (app: ElectronApplication, label: string): Promise<void> =>
  app.evaluate(({ dialog }, wanted) => {
    dialog.showMessageBox = ((...asked: { buttons?: string[] }[]) =>
      Promise.resolve({
        response: asked[asked.length - 1]!.buttons!.indexOf(wanted),
        checkboxChecked: false,
      })) as typeof dialog.showMessageBox
  }, label)

test('a second start opens a file in the first; windows stand beside each other on one lab; menu and theme follow the page', () =>
  withHome((home) =>
    withApp(home, async (page, app) => {
      const file = path.join(home, `a net's "second" %F, 50 % ü.json`)
      writeFileSync(file, JSON.stringify(NETWORK))
      const item = (id: string): Promise<boolean | undefined> =>
        app.evaluate(({ Menu }, wanted) => Menu.getApplicationMenu()?.getMenuItemById(wanted)?.enabled, id)
      await expect.poll(() => item('run.new')).toBe(true)
      await expect.poll(() => item('design.all')).toBe(false)
      const fileMenu = await app.evaluate(({ Menu }) =>
        Menu.getApplicationMenu()!.items[0]!.submenu!.items.map(({ label, type }) => label || type),
      )
      expect(fileMenu.slice(fileMenu.indexOf('Open…')).slice(0, 2)).toEqual(['Open…', 'Open Recent'])
      expect(fileMenu.slice(-3)).toEqual(['separator', 'Close window', 'Quit'])

      expect(await startAgain(home, file)).toBe(0)
      await expect.poll(() => page.evaluate<string>('location.hash')).toMatch(/^#\/design\/network\?id=\d+$/)
      await expect.poll(() => item('design.all')).toBe(true)
      expect(app.windows()).toHaveLength(1)
      const recent = await app.evaluate(({ Menu }) =>
        Menu.getApplicationMenu()!.items.flatMap(
          ({ submenu }) => submenu?.items.find(({ label }) => label === 'Open Recent')?.submenu?.items[0]?.label ?? [],
        ),
      )
      expect(recent).toEqual([file])
      // What is no network says so, and stays.
      writeFileSync(file, '{"format":"normlab/network"}')
      expect(await startAgain(home, file)).toBe(0)
      await page
        .getByRole('alert')
        .or(page.getByRole('status'))
        .getByText(/a net.s "second" %F, 50 % ü\.json/)
        .first()
        .waitFor()

      const next = app.waitForEvent('window')
      await page.keyboard.press('Control+Shift+N')
      const other = await next
      await other.waitForSelector('nav[aria-label="Places"]')
      await other.keyboard.press('Control+K')
      await other.keyboard.type('theme dark')
      await other.keyboard.press('Enter')
      await expect.poll(() => app.evaluate(({ nativeTheme }) => nativeTheme.themeSource)).toBe('dark')
      await expect.poll(() => page.evaluate('document.documentElement.dataset.theme')).toBe('dark')
      await other.keyboard.press('Control+=')
      await expect
        .poll(() =>
          app.evaluate(
            ({ BrowserWindow }) => BrowserWindow.getAllWindows().map(({ webContents }) => webContents.getZoomLevel())[0],
          ),
        )
        .toBe(0.5)
      await other.keyboard.press('Control+0')
      // The key's release finds no page any more.
      await other.keyboard.press('Control+W').catch(() => undefined)
      await expect.poll(() => app.windows().length).toBe(1)
      expect(readdirSync(path.join(home, 'window')).filter((name) => /^window-\d+\.json$/.test(name))).toEqual(['window-2.json'])
    }),
  ))

test('a run trains on without a window, lets the machine sleep when it ends, and is there when the app is started again', () =>
  withHome((home) =>
    withApp(home, async (page, app) => {
      await app.evaluate(({ BrowserWindow }) => {
        const shares: number[] = []
        Object.assign(globalThis, { shares })
        BrowserWindow.prototype.setProgressBar = (share: number) => void shares.push(share)
      })
      const shares = (): Promise<number[]> => app.evaluate(() => (globalThis as unknown as { shares: number[] }).shares)
      await startRun(page, { epochs: 12, train: 64 })
      await waitForSteps(page, 1)
      await expect.poll(() => app.evaluate(({ powerSaveBlocker }) => powerSaveBlocker.isStarted(0))).toBe(true)
      await expect.poll(async () => (await shares()).some((share) => share > 0 && share < 1)).toBe(true)

      await answerWith(app, 'Train on in the background')
      await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]!.close())
      await expect.poll(() => app.windows().length).toBe(0)
      const trains = (): Promise<boolean> => app.evaluate(({ powerSaveBlocker }) => powerSaveBlocker.isStarted(0))
      await expect.poll(trains, { timeout: 120_000 }).toBe(false)
      // An engine that has done its work is ended, which is no crash.
      const log = path.join(home, 'normlab.log')
      expect(existsSync(log) ? readFileSync(log, 'utf8') : '').not.toContain('process gone')

      const next = app.waitForEvent('window')
      expect(await startAgain(home)).toBe(0)
      const again = await next
      await again.waitForSelector('nav[aria-label="Places"]')
      await again.evaluate(`location.hash = '#/runs/1'`)
      await waitForState(again, 'Done')
    }),
  ))

interface Seen {
  menu: Electron.Menu | null
  news: Electron.Notification[]
}

test('the icon of an app without a window pauses and goes on with the run; the news of its end opens it, and the app ends with that window', () =>
  withHome((home) =>
    withApp(home, async (page, app) => {
      // Electron's own methods lie on each object: what is made is seen on its way through those that do not.
      await app.evaluate(({ Menu, Notification }) => {
        const seen: Seen = { menu: null, news: [] }
        Object.assign(globalThis, { seen })
        Notification.isSupported = () => true
        const on = Notification.prototype.on as (name: string, hand: () => void) => Electron.Notification
        Notification.prototype.on = function (this: Electron.Notification, name: string, hand: () => void) {
          if (name === 'click') seen.news.push(this)
          return on.call(this, name, hand)
        } as typeof Notification.prototype.on
        const build = Menu.buildFromTemplate.bind(Menu)
        Menu.buildFromTemplate = (template) => {
          const menu = build(template)
          if (template[0]?.label === 'Open NormLab') seen.menu = menu
          return menu
        }
      })
      const labels = (): Promise<string[]> =>
        app.evaluate(() => (globalThis as unknown as { seen: Seen }).seen.menu?.items.flatMap(({ label }) => label || []) ?? [])
      const press = (beginning: string): Promise<void> =>
        app.evaluate((_, wanted) => {
          const { menu } = (globalThis as unknown as { seen: Seen }).seen
          menu!.items.find(({ label }) => label.startsWith(wanted))!.click()
        }, beginning)
      await startRun(page, { epochs: 40, train: 64 })
      await waitForSteps(page, 1)
      await answerWith(app, 'Train on in the background')
      await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]!.close())
      const run = '#1 proc-resnet:blocks=1,planes=4/8/16'
      const [open, quit] = ['Open NormLab', 'Quit']
      await expect.poll(labels).toEqual([open, `Pause ${run}`, `Stop ${run}`, quit])
      await press('Pause')
      await expect.poll(labels).toEqual([open, `Go on with ${run}`, `Stop ${run}`, quit])
      await press('Go on')
      await expect.poll(labels).toEqual([open, `Pause ${run}`, `Stop ${run}`, quit])
      await expect.poll(labels, { timeout: 120_000 }).toEqual([open, quit])

      const news = (): Promise<string[][]> =>
        app.evaluate(() => (globalThis as unknown as { seen: Seen }).seen.news.map(({ title, body }) => [title, body]))
      await expect.poll(news).toEqual([[run, expect.stringMatching(/^Done, test error \d+\.\d %\.$/)]])
      const next = app.waitForEvent('window')
      await app.evaluate(() => void (globalThis as unknown as { seen: Seen }).seen.news[0]!.emit('click'))
      const again = await next
      await waitForState(again, 'Done')
      await expect.poll(() => again.evaluate('location.hash')).toBe('#/runs/1')
      const ended = app.waitForEvent('close')
      await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]!.close())
      await ended
    }),
  ))
