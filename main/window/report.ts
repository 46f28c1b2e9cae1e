import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { BrowserWindow, app, dialog, session } from 'electron'
import type { FileRequest } from '../../shared/run-files'
import { reportFileName } from '../../shared/run-files'
import { writeFile } from '../files/write-file'
import type { OpenLab } from '../lab'
import { writeReport } from '../report/write'

type Asked = Extract<FileRequest, { kind: 'export-report' }>

/** Writes a report where the person says, as a page or as what a printer would get. @returns a sentence, or null where the dialog was left. */
export async function takeReport(window: BrowserWindow, lab: OpenLab, { subject, format }: Asked): Promise<string | null> {
  const { filePath } = await dialog.showSaveDialog(window, {
    defaultPath: path.join(app.getPath('documents'), reportFileName(subject, format)),
    filters: [{ name: 'Report', extensions: [format] }],
  })
  if (!filePath) return null
  if (format === 'html') await writeReport(lab, subject, filePath)
  else await printReport(lab, subject, filePath)
  return `Written to ${filePath}.`
}

/** A report as PDF: its page is opened in a window of its own that nobody sees, which knows nothing of the lab and loads that file alone. */
async function printReport(lab: OpenLab, subject: Asked['subject'], out: string): Promise<void> {
  const folder = mkdtempSync(path.join(tmpdir(), 'normlab-report-'))
  const file = path.join(folder, 'report.html')
  try {
    await writeReport(lab, subject, file)
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
      writeFile(out, await page.webContents.printToPDF({ printBackground: true, pageSize: 'A4' }))
    } finally {
      page.destroy()
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
