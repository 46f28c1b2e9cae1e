import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { BrowserWindow, app, session } from 'electron'
import { PRINT_REPORT, REPORT_PAGE, REPORT_PDF } from '../report/pdf'

/** A report's page as PDF, of the size and with the margins that its style says: it is opened in a window of its own that nobody sees, which knows nothing of the lab and loads that file alone. */
export async function printedPage(file: string): Promise<Buffer> {
  // In memory, and with none of the permissions that the app's own pages have.
  const alone = session.fromPartition('report')
  alone.setPermissionRequestHandler((_, _permission, answer) => answer(false))
  alone.setPermissionCheckHandler(() => false)
  const address = pathToFileURL(file).href
  alone.webRequest.onBeforeRequest({ urls: ['<all_urls>'] }, ({ url }, answer) => answer({ cancel: url !== address }))
  const page = new BrowserWindow({
    ...{ show: false, width: 1100, height: 1400 },
    webPreferences: { session: alone, sandbox: true, contextIsolation: true, nodeIntegration: false },
  })
  try {
    await page.loadURL(address)
    return await page.webContents.printToPDF({ printBackground: true, preferCSSPageSize: true })
  } finally {
    page.destroy()
  }
}

/** The folder whose report the command line wants printed; undefined where the app is to open. */
export function folderToPrint(argv: readonly string[]): string | undefined {
  const at = argv.indexOf(PRINT_REPORT)
  return at < 0 ? undefined : argv[at + 1]
}

/** Prints the report of such a folder and ends the app; no lab is opened, and Chromium's own state goes into the folder. */
export async function printAndEnd(folder: string): Promise<void> {
  app.setPath('userData', path.join(folder, 'window'))
  try {
    await app.whenReady()
    // Its one window closes before its PDF is written.
    app.on('window-all-closed', () => undefined)
    writeFileSync(path.join(folder, REPORT_PDF), await printedPage(path.join(folder, REPORT_PAGE)))
    app.exit(0)
  } catch (error) {
    process.stderr.write(`the report could not be printed: ${String(error)}\n`)
    app.exit(1)
  }
}
