import { BrowserWindow, nativeTheme } from 'electron'
import { APP_ADDRESS } from './address'
import { besides, lastPlacement, rememberPlacement } from './bounds'
import { type Leaving, askBeforeClosing } from './closing'
import { markImage } from './mark'
import { reloadAfterCrash } from './recovery'

export interface WindowOptions {
  /** The bundled preload script, absolute. */
  readonly preload: string
  /** Where the window's place is kept, absolute. */
  readonly placementFile: string
  /** A window that it opens a little below of, where it has no place yet. */
  readonly beside: BrowserWindow | null
  readonly leaving: Leaving
  /** Whether no other window of the app is open. */
  readonly isLast: () => boolean
  readonly log: (text: string) => void
}

/** The app's window: a sandboxed page without Node, which knows the lab through its port only. */
export function openWindow({ preload, placementFile, beside, leaving, isLast, log }: WindowOptions): BrowserWindow {
  const { maximised, ...bounds } = beside ? besides(beside) : lastPlacement(placementFile)
  const window = new BrowserWindow({
    ...bounds,
    minWidth: 900,
    minHeight: 560,
    show: false,
    title: 'NormLab',
    // Elsewhere the program's own icon is the window's.
    ...(process.platform === 'linux' && { icon: markImage(128) }),
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
  askBeforeClosing(window, leaving, isLast)
  reloadAfterCrash(window, log)
  void window.loadURL(APP_ADDRESS)
  return window
}
