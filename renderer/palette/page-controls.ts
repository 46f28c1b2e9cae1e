import { useControl } from '../commands/command-button'
import type { Entry } from './ranking'

const ON_PAGE = 'On this page'
/** More cannot be looked through; a page of so many has them in a table, with keys of its own. */
const MOST = 400
const CONTROLS = 'button, summary, a.button, [role="tab"], input:not([type="hidden"]), select, textarea'
const GROUPS = '[role="group"][aria-label], article[aria-label], fieldset'

/** What can be pressed, chosen or written into on a page beside the buttons of commands, with its name; without one where it has none. */
export function namedControls(page: ParentNode = document): [element: HTMLElement, name: string][] {
  return [...page.querySelectorAll<HTMLElement>(CONTROLS)].filter(isReached).map((element) => [element, nameOf(element)])
}

/**
 * What the open page has beside its commands: choices of what is shown, fields, and what is done to one of many things, by the name that each has for a screen reader. Read off the page as
 * the palette opens, so that nothing which can be pressed is missing.
 */
export function pageControls(page: ParentNode = document): Entry[] {
  const entries = new Map<string, Entry>()
  for (const [element, label] of namedControls(page)) {
    if (entries.size >= MOST) break
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

/** `View: Checks`, `Loss: save as a file: PNG image`: with what it belongs to, from the outside in, as it is read out. */
function nameOf(element: HTMLElement): string {
  const own = element.getAttribute('aria-label') ?? labelOf(element) ?? textOf(element)
  if (own === '') return ''
  const groups: Element[] = []
  for (let group = element.parentElement?.closest(GROUPS); group; group = group.parentElement?.closest(GROUPS)) groups.push(group)
  const menu = (element.matches('summary') ? element.parentElement?.parentElement : element)?.closest('details') ?? null
  const around = [
    ...groups.map((group) => ({ of: group, name: groupName(group) })),
    ...(menu ? [{ of: menu, name: menuName(menu) }] : []),
  ]
  around.sort((a, b) => (a.of.contains(b.of) ? -1 : 1))
  const names = [...around.map(({ name }) => name), own].filter((name) => name !== '')
  // Some names begin with what they belong to: `Loss: save as a file`.
  return names.filter((name, index) => !names[index + 1]?.startsWith(`${name}: `)).join(': ')
}
function menuName(menu: Element): string {
  const summary = menu.querySelector('summary')
  return summary ? (summary.getAttribute('aria-label') ?? textOf(summary)) : ''
}
function labelOf(element: HTMLElement): string | null {
  const label = 'labels' in element ? (element as HTMLInputElement).labels?.[0] : null
  return label ? textOf(label) : null
}
function groupName(group: Element): string {
  const legend = group.querySelector(':scope > legend')
  return group.getAttribute('aria-label') ?? (legend ? textOf(legend) : '')
}

/** The words without hints, keys and the choices of a list. */
function textOf(element: Element): string {
  const copy = element.cloneNode(true) as Element
  for (const aside of copy.querySelectorAll('small, kbd, select, svg, [aria-hidden="true"]')) aside.remove()
  // Pieces that stand apart by their style alone.
  for (const piece of copy.querySelectorAll('span + span')) piece.before(' ')
  return (copy.textContent ?? '').replace(/\s+/g, ' ').trim()
}
