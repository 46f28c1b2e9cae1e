import { app, dialog, type BrowserWindow } from 'electron'
import { tellPage } from './channels'

/** A page that falls over so often in a minute is not loaded again without asking. */
const MOST_CRASHES = 3

/** Loads the page again when its process dies; training goes on meanwhile, since nothing of it lives in the page. */
export function reloadAfterCrash(window: BrowserWindow, log: (text: string) => void): void {
  const crashes: number[] = []
  window.webContents.on('render-process-gone', (_, { reason, exitCode }) => {
    if (reason === 'clean-exit' || window.isDestroyed()) return
    log(`page's process gone: ${reason} (${exitCode})`)
    crashes.push(Date.now())
    if (crashes.filter((at) => at > Date.now() - 60_000).length < MOST_CRASHES) {
      reload(window)
      return
    }
    void dialog
      .showMessageBox(window, {
        type: 'error',
        message: 'The page keeps stopping.',
        detail: 'What trains goes on, and everything recorded is safe.',
        buttons: ['Load it again', 'Quit'],
        noLink: true,
      })
      .then(({ response }) => (response === 0 ? reload(window) : app.quit()))
  })
}

function reload(window: BrowserWindow): void {
  window.webContents.once('did-finish-load', () =>
    tellPage(window, 'notice', 'The page had stopped and was loaded again. Runs went on meanwhile.'),
  )
  window.webContents.reload()
}
