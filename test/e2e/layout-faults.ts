import type { Page } from 'playwright-core'
import { expect } from 'vitest'

/** What sticks out of its place sideways, and words of headers that lie over each other. */
const faultsNow = (page: Page, mayTablesScroll: boolean): Promise<string[]> =>
  page.evaluate(`(() => {
    const told = (element) => element.tagName.toLowerCase() + '.' + (element.getAttribute('class') ?? '') + ' “' + (element.textContent ?? '').trim().slice(0, 40) + '”'
    const faults = []
    if (document.documentElement.scrollWidth > innerWidth) faults.push('the page is wider than its window')
    // What a template was given by mistake, also where it is folded away.
    for (const code of [/\\bfunction ?\\w*\\(.{0,60}/, /\\) ?=>.{0,60}/, /\\[object \\w+\\]/]) {
      const shown = code.exec(document.body.textContent)
      if (shown) faults.push('shows code: ' + shown[0])
    }
    // The drawing of a network is looked at by moving it; what an ellipsis ends is cut on purpose. A table is held to its frame.
    const free = '.vue-flow, table, .vue-flow *, svg *, .visually-hidden, input, select, textarea, [data-sideways]'
    for (const element of document.querySelectorAll('body *')) {
      if (element.matches(free) || (${mayTablesScroll} && element.matches(':has(> table)'))) continue
      const style = getComputedStyle(element)
      if (style.overflowX === 'visible' || style.textOverflow === 'ellipsis' || element.clientWidth === 0) continue
      if (element.scrollWidth > element.clientWidth + 1) faults.push(told(element) + ' holds ' + element.scrollWidth + ' in ' + element.clientWidth + ' pixels')
    }
    for (const element of document.querySelectorAll('button, header *, .name, legend, label, h1, h2')) {
      if (element.matches(free) || element.closest('.visually-hidden, .vue-flow, table, details:not([open]) > :not(summary)')) continue
      const box = element.getBoundingClientRect()
      if (box.width > 0 && (box.right > innerWidth + 1 || box.left < -1)) faults.push(told(element) + ' ends at ' + Math.round(box.right))
    }
    // Charts beside each other are read against each other: their plots are of one height.
    for (const body of document.querySelectorAll('section.card + section.card > .body')) {
      const [card, before] = [body.parentElement, body.parentElement.previousElementSibling]
      const [own, other] = [card, before].map((one) => one.getBoundingClientRect())
      if (own.top !== other.top || own.height !== other.height) continue
      if (Math.abs(body.clientHeight - before.querySelector(':scope > .body').clientHeight) > 1) faults.push('a plot is of another height: ' + told(card))
    }
    for (const header of document.querySelectorAll('header, .bar, .tools, .scrubber, footer, .strip, [role="toolbar"]')) {
      const words = [...header.querySelectorAll('*')].filter((one) =>
        [...one.childNodes].some((node) => node.nodeType === 3 && node.data.trim() !== '') && one.getClientRects().length > 0 &&
        !one.closest('.visually-hidden, svg, option, details:not([open]) > :not(summary)'))
      // Line by line: words that go on in a next line have no one box.
      const lines = words.map((one) => {
        const range = document.createRange()
        range.selectNodeContents(one)
        const own = one.getBoundingClientRect()
        return [...range.getClientRects()].map((text) => getComputedStyle(one).overflowX === 'visible' ? text
          : { left: Math.max(text.left, own.left), right: Math.min(text.right, own.right), top: text.top, bottom: text.bottom })
      })
      const meet = (a, b) => Math.min(a.right, b.right) - Math.max(a.left, b.left) > 1 &&
        Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 3
      for (let i = 0; i < words.length; i++) for (let k = i + 1; k < words.length; k++) {
        if (words[i].contains(words[k]) || words[k].contains(words[i])) continue
        if (lines[i].some((a) => lines[k].some((b) => meet(a, b)))) faults.push(told(words[i]) + ' lies over ' + told(words[k]))
      }
    }
    return faults
  })()`)

/**
 * Goes to a place. A page is loaded when it is first opened, and what was open stands until then: it is gone before anything is looked at.
 */
async function open(page: Page, place: string): Promise<void> {
  const leaves = await page.evaluate<boolean>(`(() => {
    const pathOf = (hash) => hash.split('?')[0]
    const leaves = pathOf(location.hash) !== pathOf(${JSON.stringify(place)})
    if (leaves) for (const one of document.querySelectorAll('main > *')) one.dataset.left = ''
    location.hash = ${JSON.stringify(place)}
    return leaves
  })()`)
  if (leaves) await expect.poll(() => page.locator('main > [data-left]').count()).toBe(0)
  await page.locator('main .page, main .designer, main .library, main .help').first().waitFor()
}

/**
 * Opens a place and looks at it once it has all its data, and its charts are drawn, a frame or more later.
 *
 * @param sight.mayTablesScroll Where a table may be wider than its frame, and is moved sideways in it.
 */
export async function faultsAt(
  page: Page,
  place: string,
  before = async (): Promise<void> => undefined,
  { mayTablesScroll = false } = {},
): Promise<string[]> {
  await open(page, place)
  await expect.poll(() => page.locator('.skeleton, [aria-busy=true]').count()).toBe(0)
  await before()
  const wait = (ms: number): Promise<void> => page.evaluate(`new Promise((resolve) => setTimeout(resolve, ${ms}))`)
  await wait(200)
  let faults = await faultsNow(page, mayTablesScroll)
  for (let tries = 0; tries < 20 && faults.length > 0; tries++) {
    await wait(100)
    faults = await faultsNow(page, mayTablesScroll)
  }
  return faults
}
