import { app, session } from 'electron'
import { APP_ADDRESS, isOwnAddress } from './address'

/** The one thing that a page may ask of the system: to copy a table. */
const ALLOWED = 'clipboard-sanitized-write'

/** No page leaves the app, opens a window, embeds another or gets at a device. Call it before the app is ready. */
export function restrictPages(): void {
  app.on('web-contents-created', (_, contents) => {
    contents.setWindowOpenHandler(() => ({ action: 'deny' }))
    contents.on('will-navigate', (event, address) => {
      if (!isOwnAddress(address)) event.preventDefault()
    })
    // Chromium asks nobody before it goes to about:blank; who went there comes back.
    let isOurs = false
    contents.on('did-navigate', (_event, address) => {
      if (isOurs && !isOwnAddress(address)) setImmediate(() => void contents.loadURL(APP_ADDRESS))
      isOurs ||= isOwnAddress(address)
    })
    contents.on('will-redirect', (event) => event.preventDefault())
    contents.on('will-attach-webview', (event) => event.preventDefault())
    // WebRTC asks no interface of this machine for its address: it would go through a proxy, and there is none.
    contents.setWebRTCIPHandlingPolicy('disable_non_proxied_udp')
  })
}

/** Permissions of the pages' session, and no request beyond the app; call it when the app is ready. */
export function restrictSession(): void {
  const { defaultSession } = session
  defaultSession.setPermissionRequestHandler((_, permission, answer, { requestingUrl, isMainFrame }) =>
    answer(String(permission) === ALLOWED && isMainFrame && isOwnAddress(requestingUrl)),
  )
  defaultSession.setPermissionCheckHandler((_, permission, origin) => String(permission) === ALLOWED && isOwnAddress(origin))
  defaultSession.setDevicePermissionHandler?.(() => false)
  defaultSession.webRequest.onBeforeRequest({ urls: ['<all_urls>'] }, ({ url }, answer) => {
    answer({ cancel: !/^(app|devtools|data|blob):/.test(url) })
  })
}
