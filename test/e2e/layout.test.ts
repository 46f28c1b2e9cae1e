import { expect, test } from 'vitest'
import { withHome } from './app-driver'
import { end, serve, withPage, type Sight } from './browser-driver'
import { seriousFindings } from './designer-driver'
import { faultsAt } from './layout-faults'
import { trainExperiment } from './trained-home'

const PAGES = [
  ...['#/runs', '#/runs/deleted', '#/runs/4', '#/runs/1?step=6&block=1', '#/compare?runs=1,2,4', '#/new'],
  ...[
    '#/experiments',
    '#/experiments/1',
    '#/experiments/new',
    '#/design',
    '#/design/network?preset=proc-resnet-31',
    '#/data',
    '#/data/shapes10',
    '#/data/shapes10?view=checks',
    ...['#/spectra', '#/spectra?of=run:1', '#/spectra?of=run:1&beside=initial:1:proc-resnet:blocks=1'],
    '#/settings',
    '#/settings/disk',
    '#/help/datasets',
    '#/help/runs?find=checkpoint',
  ],
]
/** Where axe looks as well. */
const SIGHTS: readonly (Sight & { readonly name: string; readonly axe?: true })[] = [
  { name: '900 × 700', width: 900, height: 700, axe: true },
  { name: '1280 × 800', width: 1280, height: 800 },
  // What a zoom of 150 % leaves of 1280 × 800: fewer CSS pixels, and one and a half of the screen's for each.
  { name: '150 %', width: 853, height: 533, scale: 1.5 },
  { name: '200 %', width: 640, height: 400, scale: 2, axe: true },
]

// Four sights of every page, with axe at two: several minutes where other work takes the cores.
test(
  'no page is cut, overlaps, scrolls sideways or is hard to reach, in a small window and zoomed in, with scroll bars that take room',
  { timeout: 600_000 },
  () =>
    withHome(async (home) => {
      trainExperiment(home)
      const found: Record<string, string[]> = {}
      const { address: first, next, server } = await serve(home)
      try {
        for (const [i, sight] of SIGHTS.entries())
          await withPage(async (page, complaints) => {
            await page.goto(i === 0 ? first : await next())
            await page.waitForSelector('nav[aria-label="Places"]')
            const room = await page.evaluate<string>('document.documentElement.dataset.scrollBars')
            expect(room).toBe('room')
            for (const address of PAGES) {
              const faults = await faultsAt(page, address, undefined, { mayTablesScroll: sight.width < 700 })
              if (sight.axe) faults.push(...(await seriousFindings(page)))
              if (faults.length > 0) found[`${address} at ${sight.name}`] = faults
            }
            expect(complaints).toEqual([])
          }, sight)
      } finally {
        await end(server)
      }
      expect(found).toEqual({})
    }),
)

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
