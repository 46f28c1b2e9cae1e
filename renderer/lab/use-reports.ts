import type { ReportSubject } from '../../shared/report/report'
import { reportAddress } from '../../shared/run-files'
import { save } from './save-file'
import { givenName, useFileExchange } from './file-exchange'

/** Writes reports: where the app's dialog says, or to the browser's downloads. */
export function useReports() {
  const { told, isApp, inApp, ask } = useFileExchange()

  async function download(subject: ReportSubject): Promise<string> {
    const answer = await ask(`./files/reports/${reportAddress(subject)}`)
    if (!answer.ok) return answer.text()
    await save(givenName(answer) ?? 'report.html', await answer.blob())
    return 'The report is on its way to your downloads.'
  }
  return {
    /** Of a browser the page alone: it prints what it is given. */
    formats: (isApp() ? ['html', 'pdf'] : ['html']) as readonly ('html' | 'pdf')[],
    report: (subject: ReportSubject, format: 'html' | 'pdf') =>
      told(() => (isApp() ? inApp({ kind: 'export-report', subject, format }) : download(subject))),
  }
}
