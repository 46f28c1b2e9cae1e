import { contextBridge, ipcRenderer } from 'electron'

/** The little of the page's world that this script touches; the rest of the main process knows no DOM. */
declare const window: {
  postMessage(message: string, targetOrigin: string, ports: readonly unknown[]): void
  readonly location: { readonly origin: string }
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
})

// A port cannot cross the bridge; it goes as a message of this window to itself.
ipcRenderer.on('lab:port', (event) => {
  window.postMessage('normlab:port', window.location.origin, event.ports)
})
