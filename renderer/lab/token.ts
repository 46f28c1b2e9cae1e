import { TICKET_HEADER, TICKET_PATH } from '../../shared/lab-port'

const KEY = 'normlab.token'

/** The browser mode's token, as this tab keeps it. */
export function keptToken(): string | null {
  return sessionStorage.getItem(KEY)
}

/** The token is told to nobody any more: another program answers where its server did. */
export function forgetToken(): void {
  sessionStorage.removeItem(KEY)
}

const ticketOf = (address: string): string | undefined => /#\/?ticket=([^&]+)$/.exec(address)?.[1]

/**
 * Takes the ticket of the address (`#ticket=…`), where there is one, for the token. The address bar forgets it at once; what the browser's
 * history keeps of it is good for nothing afterwards.
 */
export async function enter(): Promise<string | null> {
  // A new address in the bar of a page that is open changes its fragment alone, and loads nothing by itself.
  window.addEventListener('hashchange', ({ newURL }) => {
    const ticket = ticketOf(newURL)
    if (ticket !== undefined) void exchange(ticket).then(() => location.reload())
  })
  const ticket = ticketOf(location.href)
  if (ticket !== undefined) await exchange(ticket)
  return keptToken()
}

async function exchange(ticket: string): Promise<void> {
  history.replaceState(null, '', location.pathname + location.search)
  try {
    const answer = await fetch(TICKET_PATH, {
      method: 'POST',
      cache: 'no-store',
      headers: { [TICKET_HEADER]: decodeURIComponent(ticket) },
    })
    if (answer.ok) sessionStorage.setItem(KEY, ((await answer.json()) as { token: string }).token)
  } catch {
    // The server is gone again; it is told as that.
  }
}
