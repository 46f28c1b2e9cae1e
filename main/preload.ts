import { contextBridge, ipcRenderer, webUtils } from 'electron'
import type {
  Asks,
  PAGE_CHANNELS,
  PORT_CHANNEL,
  PageWords,
  WindowAnswers,
  WindowBridge,
  WindowCall,
  WindowWord,
  windowCalls,
  windowWords,
} from '../shared/window-channels'

/** The little of the page's world that this script touches; the rest of the main process knows no DOM. */
declare const window: {
  postMessage(message: unknown, targetOrigin: string, ports?: readonly unknown[]): void
  addEventListener(type: 'drop', listener: (event: Drop) => void, capture: boolean): void
  readonly location: { readonly origin: string }
}

/** A drop of files, in so far as it is looked at here. */
interface Drop {
  readonly isTrusted: boolean
  readonly dataTransfer: { readonly files: ArrayLike<Parameters<typeof webUtils.getPathForFile>[0]> } | null
}

// The script is small and loads no schemas: channels are told by their types alone, and a wrong one does not compile.
type CallChannel<C extends WindowCall> = (typeof windowCalls)[C]['channel']
type WordChannel<W extends WindowWord> = (typeof windowWords)[W]['channel']
const CALLS: { readonly [C in WindowCall]: CallChannel<C> } = {
  files: 'lab:files',
  source: 'lab:source',
  dropped: 'lab:dropped',
  folder: 'lab:folder',
}
const WORDS: { readonly [W in WindowWord]: WordChannel<W> } = {
  connect: 'lab:connect',
  commands: 'page:commands',
  newWindow: 'window:new',
  closeWindow: 'window:close',
  fullScreen: 'window:full-screen',
  openFile: 'window:open',
  zoom: 'window:zoom',
  theme: 'window:theme',
  quit: 'window:quit',
}
const PAGE: typeof PAGE_CHANNELS = {
  command: 'page:command',
  notice: 'page:notice',
  problem: 'page:problem',
  go: 'page:go',
  dataset: 'page:dataset',
}
const PORT: typeof PORT_CHANNEL = 'lab:port'

const call = <C extends WindowCall>(name: C, asked: Asks<C>): Promise<WindowAnswers[C]> =>
  ipcRenderer.invoke(CALLS[name], asked) as Promise<WindowAnswers[C]>

/** All that the page gets of Electron: a port to the lab, the words of `shared/window-channels.ts`, and no channel of its own choice. */
const bridge: WindowBridge = {
  connect: () => ipcRenderer.send(WORDS.connect),
  on(word, listener) {
    const channel = Object.prototype.hasOwnProperty.call(PAGE, word) ? PAGE[word] : undefined
    if (channel !== undefined) ipcRenderer.on(channel, (_, told: PageWords[typeof word]) => listener(told))
  },
  tell(word, told) {
    const channel = Object.prototype.hasOwnProperty.call(WORDS, word) ? WORDS[word] : undefined
    if (channel !== undefined) ipcRenderer.send(channel, told)
  },
  files: (request) => call('files', request),
  source: (request) => call('source', request),
  folder: (request) => call('folder', request),
}
contextBridge.exposeInMainWorld('normlab', bridge)

// What a hand really dropped: the paths are read here, and the page gets a word for them. Newer versions of Electron tell a file's path by webUtils.
window.addEventListener(
  'drop',
  ({ isTrusted, dataTransfer }) => {
    if (!isTrusted || !dataTransfer) return
    const paths = Array.from(dataTransfer.files, (file) =>
      (webUtils as typeof webUtils | undefined) ? webUtils.getPathForFile(file) : (file as unknown as { path: string }).path,
    ).filter((path) => path !== '')
    if (paths.length === 0) return
    const tell = (answer: { source: unknown } | { problem: string }): void =>
      window.postMessage({ type: 'normlab:dropped', ...answer }, window.location.origin)
    call('dropped', paths).then(
      (source) => tell({ source }),
      (error: unknown) => tell({ problem: String(error) }),
    )
  },
  true,
)

// A port cannot cross the bridge; it goes as a message of this window to itself.
ipcRenderer.on(PORT, (event) => {
  window.postMessage('normlab:port', window.location.origin, event.ports)
})
