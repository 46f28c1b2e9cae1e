import { readFileSync } from 'node:fs'
import path from 'node:path'
import type { Lab } from '../../shared/api'
import type { ReportSubject } from '../../shared/report/report'
import { writeFile } from '../files/write-file'
import { gatherReport } from './gather'
import { reportPage } from './page'

/** The page's program and style, bundled beside this one. */
const part = (name: string): string => readFileSync(path.join(__dirname, 'report', name), 'utf8')

/** Writes a report as one HTML file. @returns its title. @throws UserError */
export async function writeReport(lab: Lab, subject: ReportSubject, out: string): Promise<{ title: string; bytes: number }> {
  const report = await gatherReport(lab, subject)
  const page = reportPage(report, { script: part('page.js'), style: part('page.css') })
  writeFile(out, page)
  return { title: report.title, bytes: Buffer.byteLength(page) }
}
