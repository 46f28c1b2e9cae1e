import type { FileRequest } from '../../shared/run-files'
import { useNotices } from '../ui/use-notices'
import { requireOurServer } from './proof'
import { keptToken } from './token'

/** What all that comes and goes as a file shares: the app's dialogs, or the browser's requests, and the sentence at the end. */
export function useFileExchange() {
  const { say, complain } = useNotices()

  return {
    /** Does the work and tells the reader its sentence, or what went wrong. */
    async told(work: () => Promise<string | null>): Promise<void> {
      try {
        const sentence = await work()
        if (sentence) say(sentence)
      } catch (error) {
        complain(error)
      }
    },
    /** Whether the page is the app's, whose dialogs choose the files. */
    isApp: (): boolean => window.normlab !== undefined,
    inApp: (request: FileRequest): Promise<string | null> => window.normlab!.files(request),
    /** A request to the server that handed out the page, with its token. */
    async ask(address: string, request: RequestInit = {}): Promise<Response> {
      const token = keptToken() ?? ''
      if (token !== '') await requireOurServer(token)
      return fetch(address, { ...request, cache: 'no-store', headers: { 'x-normlab-token': token } })
    },
  }
}

/** What the server calls the file that it answers with. */
export const givenName = (answer: Response): string | undefined =>
  /filename="([^"]+)"/.exec(answer.headers.get('content-disposition') ?? '')?.[1]

/** Lets the reader choose files of one ending (null: any), in a browser; none where the dialog is left. */
export function chosenFiles(ending: string | null, several: boolean): Promise<File[]> {
  return new Promise((resolve) => {
    const input = document.createElement('input')
    input.type = 'file'
    if (ending !== null) input.accept = `.${ending}`
    input.multiple = several
    input.onchange = () => resolve([...(input.files ?? [])])
    input.oncancel = () => resolve([])
    input.click()
  })
}
