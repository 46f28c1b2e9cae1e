import type { z } from 'zod'
import type { NetworkForm } from '../../shared/network-forms'
import type { WeightsSource } from '../../shared/library'
import { NOTES_HEADER, WEIGHTS_FORMAT } from '../../shared/run-files'
import { save } from '../lab/save-file'
import { chosenFiles, givenName, useFileExchange } from '../lab/file-exchange'

/** Takes a network's weights away as a safetensors file or with it in another program's form, and brings some in for an item of the library. */
export function useWeightFiles() {
  const { told, isApp, inApp, ask } = useFileExchange()

  async function download(from: z.input<typeof WeightsSource>): Promise<string> {
    return saved(await ask('./files/weights', { method: 'POST', body: JSON.stringify(from) }))
  }
  async function saved(answer: Response): Promise<string> {
    if (!answer.ok) return answer.text()
    await save(givenName(answer) ?? `weights.${WEIGHTS_FORMAT}`, await answer.blob())
    const notes = decodeURIComponent(answer.headers.get(NOTES_HEADER) ?? '')
    return ['The file is on its way to your downloads.', ...(notes === '' ? [] : [notes])].join('\n')
  }
  async function upload(item: number): Promise<string | null> {
    const [file] = await chosenFiles(WEIGHTS_FORMAT, false)
    if (!file) return null
    const address = `./files/weights/${item}?name=${encodeURIComponent(file.name)}`
    return (await ask(address, { method: 'POST', body: file })).text()
  }
  return {
    take: (from: z.input<typeof WeightsSource>) =>
      told(() => (isApp() ? inApp({ kind: 'export-weights', from }) : download(from))),
    /** An item's network with its weights in another program's form. */
    takeNetwork: (item: number, form: NetworkForm) =>
      told(async () =>
        isApp()
          ? inApp({ kind: 'export-network', item, form })
          : saved(await ask(`./files/weights/${item}.${form}`, { method: 'POST' })),
      ),
    /** Whoever shows the item asks for it again afterwards. */
    bring: (item: number) => told(() => (isApp() ? inApp({ kind: 'import-weights', item }) : upload(item))),
  }
}
