import { useControl } from '../commands/command-button'
import type { Entry } from './ranking'

const ON_PAGE = 'On this page'
/** More cannot be looked through; a page of so many has them in a table, with keys of its own. */
const MOST = 400
const CONTROLS = 'button, summary, a.button, [role="tab"], input[type="checkbox"], select'

/**
 * What the open page has beside its commands: choices of what is shown, and what is done to one of many things, by the name that each has for a screen reader. Read off the page as
 * the palette opens, so that nothing which can be pressed is missing.
 */
export function pageControls(page: ParentNode = document): Entry[] {
  const entries = new Map<string, Entry>()
  for (const element of page.querySelectorAll<HTMLElement>(CONTROLS)) {
    if (entries.size >= MOST) break
    const label = isReached(element) ? nameOf(element) : ''
    const id = `here:${label}`
    if (label === '' || entries.has(id)) continue
    const isOn = element.matches('[aria-pressed="true"], [aria-selected="true"], :checked')
    entries.set(id, {
      ...{ id, label, section: ON_PAGE, keywords: element.title },
      ...(isOn && { detail: 'chosen' }),
      perform: () => useControl(element),
    })
  }
  return [...entries.values()]
}

function isReached(element: HTMLElement): boolean {
  if (element.closest('[data-command], dialog, [inert]') || element.matches(':disabled, [aria-disabled="true"]')) return false
  // One of many that arrow keys go through: its table or canvas has the keys.
  if (element.tabIndex < 0 && !element.matches('summary, [data-stop]')) return false
  return element.getClientRects().length > 0 || element.closest('details') !== null
}

/** `View: Checks`, `Loss: save as a file: PNG image`: with what it belongs to, as it is read out. */
function nameOf(element: HTMLElement): string {
  const own = element.getAttribute('aria-label') ?? labelOf(element) ?? textOf(element)
  const menu = element.closest('details')?.querySelector('summary')
  const group = element.parentElement?.closest('[role="group"][aria-label], fieldset')
  const of = menu && menu !== element ? (menu.getAttribute('aria-label') ?? textOf(menu)) : groupName(group)
  return own && of ? `${of}: ${own}` : own
}
function labelOf(element: HTMLElement): string | null {
  const label = 'labels' in element ? (element as HTMLInputElement).labels?.[0] : null
  return label ? textOf(label) : null
}
function groupName(group: Element | null | undefined): string {
  return group?.getAttribute('aria-label') ?? group?.querySelector('legend')?.textContent?.trim() ?? ''
}

/** The words without hints, keys and the choices of a list. */
function textOf(element: Element): string {
  const copy = element.cloneNode(true) as Element
  for (const aside of copy.querySelectorAll('small, kbd, select, svg, [aria-hidden="true"]')) aside.remove()
  return (copy.textContent ?? '').replace(/\s+/g, ' ').trim()
}
