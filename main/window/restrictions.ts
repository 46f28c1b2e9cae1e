import { app, session } from 'electron'
import { isOwnAddress } from './address'

/** The one thing that a page may ask of the system: to copy a table. */
const ALLOWED = 'clipboard-sanitized-write'

/** No page leaves the app, opens a window, embeds another or gets at a device. Call it before the app is ready. */
export function restrictPages(): void {
  app.on('web-contents-created', (_, contents) => {
    contents.setWindowOpenHandler(() => ({ action: 'deny' }))
    contents.on('will-navigate', (event, address) => {
      if (!isOwnAddress(address)) event.preventDefault()
    })
    contents.on('will-redirect', (event) => event.preventDefault())
    contents.on('will-attach-webview', (event) => event.preventDefault())
  })
}

/** Permissions of the pages' session, and no request beyond the app; call it when the app is ready. */
export function restrictSession(): void {
  const { defaultSession } = session
  defaultSession.setPermissionRequestHandler((_, permission, answer) => answer(String(permission) === ALLOWED))
  defaultSession.setPermissionCheckHandler((_, permission) => String(permission) === ALLOWED)
  defaultSession.setDevicePermissionHandler?.(() => false)
  defaultSession.webRequest.onBeforeRequest({ urls: ['<all_urls>'] }, ({ url }, answer) => {
    answer({ cancel: !/^(app|devtools|data|blob):/.test(url) })
  })
}
