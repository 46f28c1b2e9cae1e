import { onScopeDispose } from 'vue'
import { UserError } from '../../../shared/errors'
import type { GivenSource } from '../../../shared/run-files'
import { useGivenSource } from '../../lab/given-source'
import { useFileDrop } from '../../designer/exchange/use-file-drop'
import { useNotices } from '../../ui/use-notices'
import { droppedFiles } from './dropped-files'
import { useSendSource } from './use-send-source'

/** What the preload script tells of a drop. */
type Dropped = { readonly type: 'normlab:dropped' } & ({ readonly source: GivenSource | null } | { readonly problem: string })

/**
 * Files and folders that are dropped anywhere in the window while the page lives. In the app their paths go to the lab by the preload
 * script; in a browser what is in them is sent.
 */
export function useSourceDrop(onSource: (source: GivenSource) => void) {
  const { complain } = useNotices()
  const send = useSendSource()
  const isApp = window.normlab !== undefined

  async function take(data: DataTransfer): Promise<void> {
    try {
      const source = await send(await droppedFiles(data))
      if (source) onSource(source)
    } catch (error) {
      complain(error)
    }
  }
  const onDrop = (event: DragEvent): void => {
    if (!isApp && event.dataTransfer?.types.includes('Files')) void take(event.dataTransfer)
  }
  const onMessage = (event: MessageEvent): void => {
    const told = event.data as Dropped | null
    if (event.source !== window || told?.type !== 'normlab:dropped') return
    if ('problem' in told) complain(new UserError(told.problem.replace(/^.*?Error: /, '')))
    else if (told.source) onSource(told.source)
  }
  useGivenSource(onSource)
  window.addEventListener('drop', onDrop)
  window.addEventListener('message', onMessage)
  onScopeDispose(() => {
    window.removeEventListener('drop', onDrop)
    window.removeEventListener('message', onMessage)
  })
  return useFileDrop(() => undefined)
}
