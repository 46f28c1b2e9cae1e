import { RUN_FORMATS, fileName, type FileRequest, type RunFormat } from '../../shared/run-files'
import { takeToken } from '../lab/token'
import { save } from '../charts/chart-file'
import { useNotices } from '../ui/use-notices'

/** Takes runs away as files, and brings bundles in: through the app's dialogs, or the browser's. */
export function useRunFiles() {
  const { say, complain } = useNotices()

  async function told(work: () => Promise<string | null>): Promise<void> {
    try {
      const sentence = await work()
      if (sentence) say(sentence)
    } catch (error) {
      complain(error)
    }
  }
  const inApp = (request: FileRequest): Promise<string | null> => window.normlab!.files(request)
  const headers = (): Record<string, string> => ({ 'x-normlab-token': takeToken() ?? '' })

  async function download(runs: readonly { id: number; name: string }[], format: RunFormat): Promise<string> {
    for (const { id, name } of runs) {
      const answer = await fetch(`./files/${id}.${RUN_FORMATS[format]}`, { headers: headers(), cache: 'no-store' })
      if (!answer.ok) return await answer.text()
      save(fileName(id, name, format), await answer.blob())
    }
    return runs.length === 1 ? 'The file is on its way to your downloads.' : `${runs.length} files are on their way.`
  }
  async function upload(files: readonly File[]): Promise<string> {
    const sentences: string[] = []
    for (const file of files) {
      const answer = await fetch('./files', { method: 'POST', headers: headers(), body: file })
      sentences.push(await answer.text())
    }
    return sentences.join(' ')
  }
  function chosenFiles(): Promise<File[]> {
    return new Promise((resolve) => {
      const input = document.createElement('input')
      input.type = 'file'
      input.accept = `.${RUN_FORMATS.bundle}`
      input.multiple = true
      input.onchange = () => resolve([...(input.files ?? [])])
      input.oncancel = () => resolve([])
      input.click()
    })
  }
  return {
    take: (runs: readonly { id: number; name: string }[], format: RunFormat) =>
      told(() => (window.normlab ? inApp({ kind: 'export', runs: runs.map(({ id }) => id), format }) : download(runs, format))),
    bring: () =>
      told(async () => {
        if (window.normlab) return inApp({ kind: 'import' })
        const files = await chosenFiles()
        return files.length > 0 ? upload(files) : null
      }),
  }
}
