import { useRouter } from 'vue-router'
import type { LibraryItem } from '../../../shared/library'
import { UserError } from '../../../shared/errors'
import { chosenFiles } from '../../lab/file-exchange'
import { useLab } from '../../lab/lab-injection'
import { formatCount } from '../../ui/format'
import { capital, useNotices } from '../../ui/use-notices'
import { layersText, sizeOf } from '../library/use-size'
import { hand } from './handover'
import { readLibraryFile } from './read-network'

const MOST_BYTES = 64e6

/** Takes networks and blocks from files into the library; a file that can only be looked at is opened. */
export function useImport(put: (items: readonly LibraryItem[]) => void) {
  const { lab } = useLab()
  const { say, complain } = useNotices()
  const router = useRouter()

  async function take(file: File, isAlone: boolean): Promise<LibraryItem | null> {
    if (file.size > MOST_BYTES) throw new UserError('the file is too large for a network document', { place: file.name })
    const { document, readOnly } = readLibraryFile(await file.text(), file.name)
    if (readOnly === null) return await lab.request('library.save', { document })
    if (isAlone && 'nodes' in document) {
      await router.push({ path: '/design/network', query: hand(document, readOnly) })
    } else complain(new UserError(readOnly))
    return null
  }

  async function bring(files: readonly File[]): Promise<void> {
    const taken: LibraryItem[] = []
    for (const file of files) {
      try {
        const item = await take(file, files.length === 1)
        if (item) taken.push(item)
      } catch (error) {
        complain(error)
      }
    }
    if (taken.length === 0) return
    put([...taken].reverse())
    const [only] = taken
    if (taken.length > 1) say(`${taken.length} files were taken into the library: ${taken.map(({ name }) => name).join(', ')}.`)
    else
      say(found(only!), {
        label: 'Open',
        perform: () => router.push({ path: '/design/network', query: { id: `${only!.id}` } }),
      })
  }
  return { bring, choose: async () => bring(await chosenFiles('json', true)) }
}

/** What a file held, in one sentence. */
function found({ name, document }: LibraryItem): string {
  const { layers, parameters, problems } = sizeOf(document)
  const parts = [
    `“${name}” was taken into the library: ${'node' in document ? 'a block' : 'a network'} of ${layersText(layers)}`,
    parameters === null ? '' : `${formatCount(parameters)} parameters`,
    problems > 0 ? `${problems} of its parts ${problems === 1 ? 'does' : 'do'} not fit yet` : '',
  ]
  return capital(parts.filter(Boolean).join(', '))
}
