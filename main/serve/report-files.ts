import type { IncomingMessage, ServerResponse } from 'node:http'
import path from 'node:path'
import type { Lab } from '../../shared/api'
import { ReportSubject } from '../../shared/report/report'
import { reportFileName } from '../../shared/run-files'
import { writeReport } from '../report/write'
import { sendFile, tell, writeOut } from './file-exchange'

/** Where reports go out: `GET /files/reports/runs-3,4.html`, `comparison-1.html`, `experiment-2.html`. */
export const REPORTS_PATH = '/files/reports'

export async function sendReport(lab: Lab, request: IncomingMessage, response: ServerResponse, folder: string): Promise<void> {
  const [, kind, numbers] =
    /^\/files\/reports\/(runs|comparison|experiment)-(\d{1,9}(?:,\d{1,9}){0,199})\.html$/.exec(request.url ?? '') ?? []
  const ids = (numbers ?? '').split(',').map(Number)
  const subject = ReportSubject.safeParse(kind === 'runs' ? { runs: ids } : { [kind ?? '']: ids[0] })
  if (!subject.success) return tell(response, 404, 'There is no such file.')
  const out = path.join(folder, 'report.html')
  const { title } = await writeOut(folder, writeReport(lab, subject.data, out))
  await sendFile(response, out, reportFileName(subject.data, title, 'html'))
}
