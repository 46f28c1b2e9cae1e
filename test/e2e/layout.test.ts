import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { withHome } from './app-driver'
import { end, serve, withPage, type Sight } from './browser-driver'
import { trainExperiment } from './trained-home'

const PAGES = [
  ...['#/runs', '#/runs/4', '#/runs/1?step=6&block=1', '#/compare?runs=1,2,4', '#/new'],
  ...[
    '#/experiments',
    '#/experiments/1',
    '#/experiments/new',
    '#/design',
    '#/design/network?preset=proc-resnet-31',
    '#/data',
    '#/data/shapes10',
    '#/settings',
  ],
]
const SIGHTS: readonly (Sight & { readonly name: string })[] = [
  { name: '900 × 700', width: 900, height: 700 },
  { name: '1280 × 800', width: 1280, height: 800 },
  // What a zoom of 150 % leaves of 1280 × 800: fewer CSS pixels, and one and a half of the screen's for each.
  { name: '150 %', width: 853, height: 533, scale: 1.5 },
]

/** What sticks out of its place sideways, and words of headers that lie over each other. */
const faultsOf = (page: Page): Promise<string[]> =>
  page.evaluate(`(() => {
    const told = (element) => element.tagName.toLowerCase() + '.' + (element.getAttribute('class') ?? '') + ' “' + (element.textContent ?? '').trim().slice(0, 40) + '”'
    const faults = []
    if (document.documentElement.scrollWidth > innerWidth) faults.push('the page is wider than its window')
    // The drawing of a network is looked at by moving it; what an ellipsis ends is cut on purpose. A table is held to its frame.
    const free = '.vue-flow, table, .vue-flow *, svg *, .visually-hidden, input, select, textarea, [data-sideways]'
    for (const element of document.querySelectorAll('body *')) {
      if (element.matches(free)) continue
      const style = getComputedStyle(element)
      if (style.overflowX === 'visible' || style.textOverflow === 'ellipsis' || element.clientWidth === 0) continue
      if (element.scrollWidth > element.clientWidth + 1) faults.push(told(element) + ' holds ' + element.scrollWidth + ' in ' + element.clientWidth + ' pixels')
    }
    for (const element of document.querySelectorAll('button, header *, .name, legend, label, h1, h2')) {
      if (element.matches(free) || element.closest('.visually-hidden, .vue-flow, table, details:not([open]) > :not(summary)')) continue
      const box = element.getBoundingClientRect()
      if (box.width > 0 && (box.right > innerWidth + 1 || box.left < -1)) faults.push(told(element) + ' ends at ' + Math.round(box.right))
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

test('no page is cut, overlaps or scrolls sideways, in a small window and zoomed in, with scroll bars that take room', () =>
  withHome(async (home) => {
    trainExperiment(home)
    const found: Record<string, string[]> = {}
    const { address, server } = await serve(home)
    try {
      for (const sight of SIGHTS)
        await withPage(async (page, complaints) => {
          await page.goto(address)
          await page.waitForSelector('nav[aria-label="Places"]')
          const room = await page.evaluate<string>('document.documentElement.dataset.scrollBars')
          expect(room).toBe('room')
          for (const address of PAGES) {
            await page.evaluate(`location.hash = ${JSON.stringify(address)}`)
            await page.locator('main .page, main .designer, main .library').first().waitFor()
            await expect.poll(() => page.locator('.skeleton, [aria-busy=true]').count()).toBe(0)
            // Charts are drawn a frame after their data came.
            let faults = await faultsOf(page)
            for (let tries = 0; tries < 20 && (faults.length > 0 || tries < 2); tries++) {
              await page.evaluate('new Promise((resolve) => setTimeout(resolve, 100))')
              faults = await faultsOf(page)
            }
            if (faults.length > 0) found[`${address} at ${sight.name}`] = faults
          }
          expect(complaints).toEqual([])
        }, sight)
    } finally {
      await end(server)
    }
    expect(found).toEqual({})
  }))

test('a canvas has the screen’s pixels, at once and after the page is zoomed', () =>
  withHome(async (home) => {
    trainExperiment(home)
    const { address, server } = await serve(home)
    try {
      await withPage(async (page) => {
        await page.goto(`${address}`)
        await page.waitForSelector('nav[aria-label="Places"]')
        await page.evaluate(`location.hash = '#/runs/4'`)
        const density = (): Promise<number[]> =>
          page.evaluate(`[...document.querySelectorAll('.profile canvas, .heat canvas')].map((canvas) =>
            Math.round(100 * canvas.width / canvas.getBoundingClientRect().width) / 100)`)
        await expect.poll(density).toEqual([1, 1])
        const client = await page.context().newCDPSession(page)
        await client.send('Emulation.setDeviceMetricsOverride', {
          width: 853,
          height: 533,
          deviceScaleFactor: 1.5,
          mobile: false,
        })
        await expect.poll(async () => (await density()).map((one) => Math.round(one * 10) / 10)).toEqual([1.5, 1.5])
      })
    } finally {
      await end(server)
    }
  }))
