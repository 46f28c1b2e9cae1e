import { RUN_FORMATS, fileName, type RunFormat } from '../../shared/run-files'
import { chosenFiles, useFileExchange } from '../lab/file-exchange'
import { save } from '../lab/save-file'

/** Takes runs away as files, and brings bundles and event files in: through the app's dialogs, or the browser's. */
export function useRunFiles() {
  const { told, isApp, inApp, ask } = useFileExchange()

  async function download(runs: readonly { id: number; name: string }[], format: RunFormat): Promise<string> {
    for (const { id, name } of runs) {
      const answer = await ask(`./files/${id}.${RUN_FORMATS[format]}`)
      if (!answer.ok) return await answer.text()
      await save(fileName(id, name, format), await answer.blob())
    }
    return runs.length === 1 ? 'The file is on its way to your downloads.' : `${runs.length} files are on their way.`
  }
  async function upload(files: readonly File[]): Promise<string> {
    const sentences: string[] = []
    for (const file of files)
      sentences.push(await (await ask(`./files?name=${encodeURIComponent(file.name)}`, { method: 'POST', body: file })).text())
    return sentences.join(' ')
  }
  return {
    take: (runs: readonly { id: number; name: string }[], format: RunFormat) =>
      told(() => (isApp() ? inApp({ kind: 'export', runs: runs.map(({ id }) => id), format }) : download(runs, format))),
    bring: () =>
      told(async () => {
        if (isApp()) return inApp({ kind: 'import' })
        const files = await chosenFiles(null, true)
        return files.length > 0 ? upload(files) : null
      }),
  }
}
