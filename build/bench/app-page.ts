import path from 'node:path'
import { _electron, type ElectronApplication, type Page } from 'playwright-core'
import { electronExecutable, electronFolder } from '../../main/resources'
import { bundle } from '../bundle'
import { openDisplay } from '../display'

const root = path.resolve(__dirname, '../..')

/** Opens the app as it stands in the sources on a data folder, on a display in memory where there is no other; closes it after `use`. */
export async function withAppPage(home: string, use: (page: Page, app: ElectronApplication) => Promise<void>): Promise<void> {
  await bundle(root, ['commands', 'window', 'renderer'])
  const display = process.env['DISPLAY'] ? undefined : await openDisplay()
  try {
    const app = await _electron.launch({
      executablePath: electronExecutable(electronFolder(root) ?? '')!,
      args: [...(process.getuid?.() === 0 ? ['--no-sandbox'] : []), root, '--home', home],
      env: { ...(process.env as Record<string, string>), ...(display ? { DISPLAY: display.name } : {}) },
    })
    try {
      // Its question about closing is answered beforehand.
      await app.evaluate(({ dialog }) => {
        dialog.showMessageBox = () => Promise.resolve({ response: 0, checkboxChecked: false })
      })
      const page = await app.firstWindow()
      page.setDefaultTimeout(120_000)
      await use(page, app)
    } finally {
      await app.close()
    }
  } finally {
    display?.close()
  }
}

/** Polls from outside: the page's policy forbids code made of text inside. */
export async function until(page: Page, expression: string): Promise<void> {
  while (!(await page.evaluate(expression))) await new Promise((resolve) => setTimeout(resolve, 5))
}

/** Milliseconds that some work takes, until what it shows is on the screen. */
export async function timed(page: Page, work: () => Promise<unknown>): Promise<number> {
  const from = performance.now()
  await work()
  // Two frames later it is on the screen.
  await page.evaluate('new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)))')
  return performance.now() - from
}
