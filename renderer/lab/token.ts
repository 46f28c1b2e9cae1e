const KEY = 'normlab.token'

/** The browser mode's token: from the address (#/token=… or #token=…), once, then from this tab's memory; the address bar forgets it. */
export function takeToken(): string | null {
  const found = /^#\/?token=([^&]+)$/.exec(location.hash)
  if (found) {
    sessionStorage.setItem(KEY, decodeURIComponent(found[1]!))
    history.replaceState(null, '', location.pathname + location.search)
  }
  return sessionStorage.getItem(KEY)
}
