import path from 'node:path'
import { BrowserWindow, nativeTheme } from 'electron'
import type { OpenLab } from '../lab'
import { APP_ADDRESS } from './address'
import { lastPlacement, rememberPlacement } from './bounds'
import { askBeforeClosing } from './closing'
import { reloadAfterCrash } from './recovery'

export interface WindowOptions {
  readonly lab: OpenLab
  /** The bundled preload script, absolute. */
  readonly preload: string
  /** Where the window keeps its own state, absolute. */
  readonly folder: string
  readonly log: (text: string) => void
}

/** The app's window: a sandboxed page without Node, which knows the lab through its port only. */
export function openWindow({ lab, preload, folder, log }: WindowOptions): BrowserWindow {
  const placementFile = path.join(folder, 'window.json')
  const { maximised, ...bounds } = lastPlacement(placementFile)
  const window = new BrowserWindow({
    ...bounds,
    minWidth: 900,
    minHeight: 560,
    show: false,
    title: 'NormLab',
    backgroundColor: nativeTheme.shouldUseDarkColors ? '#0f1116' : '#f5f6f8',
    webPreferences: {
      preload,
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      webSecurity: true,
      webviewTag: false,
      spellcheck: false,
      // A minimised window still takes its records in; only its drawing rests.
      backgroundThrottling: true,
    },
  })
  if (maximised) window.maximize()
  window.once('ready-to-show', () => window.show())
  rememberPlacement(window, placementFile)
  askBeforeClosing(window, lab)
  reloadAfterCrash(window, log)
  void window.loadURL(APP_ADDRESS)
  return window
}
