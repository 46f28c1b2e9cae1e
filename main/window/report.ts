import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { type BrowserWindow, app, dialog } from 'electron'
import type { FileRequest } from '../../shared/run-files'
import { reportFileName } from '../../shared/run-files'
import { writeFile } from '../files/write-file'
import type { OpenLab } from '../lab'
import { REPORT_PAGE } from '../report/pdf'
import { toldSubject } from '../report/subject'
import { writeReport } from '../report/write'
import { printedPage } from './print-page'

type Asked = Extract<FileRequest, { kind: 'export-report' }>

/** Writes a report where the person says, as a page or as what a printer would get. @returns a sentence, or null where the dialog was left. */
export async function takeReport(window: BrowserWindow, lab: OpenLab, { subject, format }: Asked): Promise<string | null> {
  const { title } = await toldSubject(lab, subject)
  const { filePath } = await dialog.showSaveDialog(window, {
    defaultPath: path.join(app.getPath('documents'), reportFileName(subject, title, format)),
    filters: [{ name: 'Report', extensions: [format] }],
  })
  if (!filePath) return null
  if (format === 'html') await writeReport(lab, subject, filePath)
  else await printReport(lab, subject, filePath)
  return `Written to ${filePath}.`
}

/** A report as PDF, by way of its page. */
async function printReport(lab: OpenLab, subject: Asked['subject'], out: string): Promise<void> {
  const folder = mkdtempSync(path.join(tmpdir(), 'normlab-report-'))
  try {
    const file = path.join(folder, REPORT_PAGE)
    await writeReport(lab, subject, file)
    writeFile(out, await printedPage(file))
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
