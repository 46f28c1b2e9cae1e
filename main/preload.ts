import { contextBridge, ipcRenderer, webUtils } from 'electron'

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

/** All that the page gets of Electron: a port to the lab, and the menu's commands. */
contextBridge.exposeInMainWorld('normlab', {
  connect: () => ipcRenderer.send('lab:connect'),
  onCommand: (listener: (id: string) => void) => {
    ipcRenderer.on('command', (_, id: unknown) => {
      if (typeof id === 'string') listener(id)
    })
  },
  /** Asks where a run's file shall go, or which bundles to take in; answers with a sentence for the reader, or null. */
  files: (request: unknown) => ipcRenderer.invoke('lab:files', request) as Promise<string | null>,
  /** Asks for a source of a data set in the system's dialog; answers with a word for it and its name, or null. */
  source: (request: unknown) => ipcRenderer.invoke('lab:source', request) as Promise<unknown>,
})

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
    ipcRenderer.invoke('lab:dropped', paths).then(
      (source: unknown) => tell({ source }),
      (error: unknown) => tell({ problem: String(error) }),
    )
  },
  true,
)

// A port cannot cross the bridge; it goes as a message of this window to itself.
ipcRenderer.on('lab:port', (event) => {
  window.postMessage('normlab:port', window.location.origin, event.ports)
})
