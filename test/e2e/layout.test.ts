import { spawnSync } from 'node:child_process'
import path from 'node:path'
import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { root, withHome } from './app-driver'
import { end, serve, withPage, type Sight } from './browser-driver'
import { seriousFindings } from './designer-driver'
import { faultsAt } from './layout-faults'
import { paletteGaps } from './palette-gaps'
import { trainExperiment } from './trained-home'

const PAGES = [
  ...['#/runs', '#/runs/deleted', '#/runs/4', '#/runs/1?step=6&block=1', '#/compare?runs=1,2,4', '#/new'],
  ...[
    '#/experiments',
    '#/experiments/1',
    '#/experiments/new',
    '#/experiments/2',
    '#/experiments/search',
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
/** Dialogs: the page, and what opens one there. */
const DIALOGS: readonly (readonly [address: string, opens: (page: Page) => Promise<void>])[] = [
  // A key that presses no button holds on buttons as well.
  [
    '#/runs',
    async (page) => {
      await page.getByRole('button', { name: 'Import…' }).focus()
      await page.keyboard.press('?')
    },
  ],
  ['#/runs', (page) => page.keyboard.press('Control+K')],
  ['#/runs/4', (page) => page.getByRole('button', { name: 'More epochs…' }).click()],
  [
    '#/experiments',
    (page) =>
      page
        .getByRole('button', { name: /^Delete/ })
        .first()
        .click(),
  ],
  ['#/design/network?preset=proc-resnet-31', (page) => page.getByRole('button', { name: 'Versions' }).click()],
  ['#/data', (page) => page.getByRole('button', { name: 'Make…' }).click()],
  ['#/data/shapes10', (page) => page.getByRole('button', { name: 'Prepare…' }).click()],
]
/** Where axe and dialogs are looked at as well, and where the palette is held against the page. */
const SIGHTS: readonly (Sight & {
  readonly name: string
  readonly axe?: true
  readonly dialogs?: true
  readonly palette?: true
})[] = [
  { name: '900 × 700', width: 900, height: 700, axe: true },
  { name: '1280 × 800', width: 1280, height: 800, palette: true },
  // What a zoom of 150 % leaves of 1280 × 800: fewer CSS pixels, and one and a half of the screen's for each.
  { name: '150 %', width: 853, height: 533, scale: 1.5 },
  { name: '200 %', width: 640, height: 400, scale: 2, scheme: 'dark', axe: true, dialogs: true },
]

/** A small search, and a cluster that experiments can be sent to: nobody goes there. */
function searchAndCluster(home: string): void {
  const net = ['search', 'plain:blocks=1,widths=4/8', '--space', 'rate=1e-2..0.3,momentum=0.8..0.9', '--trials', '3']
  const few = ['--epochs', '1', '--batch', '16', '--set', 'data.train=32', '--set', 'data.test=32', '--objective', 'test-loss']
  for (const words of [
    [...net, ...few],
    ['cluster', 'add', 'a-cluster-with-a-long-name', '--host', 'login.example'],
  ]) {
    const { status, stderr } = spawnSync(process.execPath, [path.join(root, 'out/main/cli.js'), ...words, '--home', home], {
      encoding: 'utf8',
    })
    if (status !== 0) throw new Error(stderr)
  }
}

/** Two messages: the page ends where they begin, and the first is behind the second until it is asked for. */
async function looksAtNotices(page: Page): Promise<void> {
  // They leave by themselves after some seconds; on a slow machine the first would before the second is there.
  await page.evaluate(`{
    const soon = setTimeout
    globalThis.setTimeout = (what, ms, ...rest) => (ms >= 3000 ? 0 : soon(what, ms, ...rest))
  }`)
  for (const run of [5, 6]) {
    await page.evaluate(`location.hash = '#/runs'`)
    await page.getByRole('button', { name: new RegExp(`^Delete .*#${run}$`) }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Delete', exact: true }).click()
    await page.getByText(`Deleted: #${run} `).waitFor()
  }
  const undo = page.getByRole('button', { name: 'Undo' })
  await expect.poll(() => undo.count()).toBe(1)
  const [main, notice] = [await page.locator('main').boundingBox(), await undo.boundingBox()]
  expect(main!.y + main!.height).toBeLessThanOrEqual(notice!.y)
  await page.getByRole('button', { name: '1 more' }).click()
  await expect.poll(() => undo.count()).toBe(2)
  await page.keyboard.press('Escape')
  await expect.poll(() => undo.count()).toBe(1)
}

// Four sights of every page, with axe at two: several minutes where other work takes the cores.
test(
  'no page is cut, overlaps, scrolls sideways or is hard to reach, in a small window and zoomed in, with scroll bars that take room',
  { timeout: 600_000 },
  () =>
    withHome(async (home) => {
      await trainExperiment(home)
      searchAndCluster(home)
      const found: Record<string, string[]> = {}
      const commands = new Set<string>()
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
              if (sight.palette) faults.push(...(await paletteGaps(page, commands)))
              if (faults.length > 0) found[`${address} at ${sight.name}`] = faults
            }
            for (const [index, [address, opens]] of (sight.dialogs ? DIALOGS : []).entries()) {
              const dialog = page.locator('dialog[open]')
              const faults = await faultsAt(
                page,
                address,
                async () => {
                  await opens(page)
                  await dialog.waitFor()
                },
                { mayTablesScroll: true },
              )
              faults.push(...(await seriousFindings(page)))
              if (faults.length > 0) found[`dialog ${index} of ${address} at ${sight.name}`] = faults
              await page.keyboard.press('Escape')
              await expect.poll(() => dialog.count()).toBe(0)
            }
            if (i === SIGHTS.length - 1) await looksAtNotices(page)
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
    await trainExperiment(home)
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
