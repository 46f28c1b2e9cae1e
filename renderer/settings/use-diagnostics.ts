import { DIAGNOSTICS_FILE } from '../../shared/run-files'
import { useFileExchange } from '../lab/file-exchange'
import { useLab } from '../lab/lab-injection'
import { save } from '../lab/save-file'
import { useNotices } from '../ui/use-notices'
import { useOnce } from '../ui/use-once'

/** One text for whoever is to help, without names, paths and tokens: where the app's dialog says, or to the browser's downloads. */
export function useDiagnostics(): { take(): Promise<void> } {
  const { lab } = useLab()
  const { sayDuring, complain } = useNotices()
  const { told, isApp, inApp } = useFileExchange()
  async function download(): Promise<string> {
    const { text } = await lab.request('lab.diagnostics', {})
    await save(DIAGNOSTICS_FILE, new Blob([text], { type: 'text/plain' }))
    return 'The text is on its way to your downloads. Read it before you send it.'
  }
  const { begin } = useOnce(
    () =>
      sayDuring('Diagnostics are being collected; the engine is asked as well, which takes some seconds…', () =>
        told(() => (isApp() ? inApp({ kind: 'export-diagnostics' }) : download())),
      ),
    complain,
  )
  return { take: begin }
}
