import type { Page } from 'playwright-core'

/** What an end of the app is that Tab comes to, by a CSS selector or by the name that a screen reader would read. */
export type Target = string | RegExp

/** More than the stops of any page. */
const MOST_STOPS = 250

/**
 * Goes on with Tab (or back, with `isBack`) until what has the focus fits.
 *
 * @throws Error where it comes by all stops without; or comes to one that shows no ring, so that nobody would know where they are.
 */
export async function tabTo(page: Page, target: Target, isBack = false): Promise<void> {
  const passed: string[] = []
  for (let i = 0; i < MOST_STOPS; i++) {
    const { name, fits, hasRing } = await focusOf(page, target)
    if (fits) return
    if (i > 0 && name !== null && !hasRing) throw new Error(`the focus cannot be seen on “${name}”`)
    passed.push(name ?? '–')
    await page.keyboard.press(isBack ? 'Shift+Tab' : 'Tab')
  }
  throw new Error(`Tab does not come to ${String(target)}, but to ${[...new Set(passed)].join(' | ')}`)
}

/** Comes to a field by Tab and types over what it has. */
export async function typeInto(page: Page, target: Target, text: string, isBack = false): Promise<void> {
  await tabTo(page, target, isBack)
  await page.keyboard.press('Control+A')
  await page.keyboard.type(text)
}

/** Comes to a button or link by Tab and presses it. */
export async function press(page: Page, target: Target, isBack = false): Promise<void> {
  await tabTo(page, target, isBack)
  await page.keyboard.press('Enter')
}

/** The name of what has the focus. */
export const focused = async (page: Page): Promise<string | null> => (await focusOf(page, '*')).name

interface Focus {
  /** Null where nothing has it. */
  readonly name: string | null
  readonly fits: boolean
  /** Whether an outline can be seen on it, or on what it lies over. */
  readonly hasRing: boolean
}

async function focusOf(page: Page, target: Target): Promise<Focus> {
  const found: Focus = await page.evaluate(`(() => {
    const element = document.activeElement
    if (!element || element === document.body) return { name: null, fits: false, hasRing: false }
    const text = (element.labels?.[0] ?? element).innerText ?? element.textContent ?? ''
    const name = (element.getAttribute('aria-label') ?? (text.trim() || element.title || element.tagName)).replace(/\\s+/g, ' ')
    const isSeen = (style) => style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2 && !/, 0\\)$/.test(style.outlineColor)
    const hasRing = [null, '::before', '::after'].some((part) => isSeen(getComputedStyle(element, part)))
    return { name, fits: ${typeof target === 'string' ? `element.matches(${JSON.stringify(target)})` : 'false'}, hasRing }
  })()`)
  return target instanceof RegExp ? { ...found, fits: found.name !== null && target.test(found.name) } : found
}

/** Counts presses of the pointer from now on, in all pages of the window; call the answer to know how many there were. */
export async function countPresses(page: Page): Promise<() => Promise<number>> {
  await page.evaluate(`(() => {
    window.presses = 0
    addEventListener('pointerdown', () => window.presses++, true)
  })()`)
  return () => page.evaluate('window.presses')
}
