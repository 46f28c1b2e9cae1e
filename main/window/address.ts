/** Where the pages live inside the app: a standard, secure origin of their own, which no web page has. */
export const APP_SCHEME = 'app'
export const APP_ORIGIN = 'app://lab'
export const APP_ADDRESS = `${APP_ORIGIN}/index.html`

/** True for an address of our own pages, by its origin and not by how it begins. */
export function isOwnAddress(address: string): boolean {
  try {
    const url = new URL(address)
    return url.protocol === `${APP_SCHEME}:` && url.host === 'lab'
  } catch {
    return false
  }
}
