import { mkdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import path from 'node:path'
import { inflateSync } from 'node:zlib'
import type { Locator, Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { askPython, readCsvs } from '../unit/support/python'
import { withApp, withHome } from './app-driver'
import { end, serve, withPage } from './browser-driver'
import { trainExperiment } from './trained-home'

/** A hundred files or so are saved, one after another: a limit against hanging. */
const LIMIT_MS = 600_000

/** Pages with charts of every kind: profile, heat map, curves, norms by block; a comparison's; an experiment's. */
const CHART_PAGES = ['#/runs/4?step=6&block=1', '#/compare?runs=1,2,4', '#/experiments/1']

/** How many different bytes there are. */
function bytesIn(pixels: Uint8Array): number {
  const isThere = new Uint8Array(256)
  for (const byte of pixels) isThere[byte] = 1
  return isThere.reduce((sum, one) => sum + one, 0)
}

/** Width, height and how many different bytes the pixels have, of a PNG that can be decoded. */
function decodePng(file: Buffer): { width: number; height: number; shades: number } {
  expect(file.subarray(0, 8).toString('latin1')).toBe('\x89PNG\r\n\x1a\n')
  const parts: Buffer[] = []
  for (let at = 8; at < file.length;) {
    const length = file.readUInt32BE(at)
    if (file.toString('latin1', at + 4, at + 8) === 'IDAT') parts.push(file.subarray(at + 8, at + 8 + length))
    at += 12 + length
  }
  const [width, height] = [file.readUInt32BE(16), file.readUInt32BE(20)]
  const pixels = inflateSync(Buffer.concat(parts))
  const channels = file[25] === 6 ? 4 : 3
  expect(pixels.length).toBe(height * (width * channels + 1))
  return { width, height, shades: bytesIn(pixels) }
}

/** The texts of each SVG, as an XML parser finds them; throws where one is no XML. */
function textsOf(svgs: readonly string[]): string[][] {
  const script = `import json, sys, xml.etree.ElementTree as E
roots = [E.fromstring(text.encode()) for text in json.load(sys.stdin)]
print(json.dumps([[''.join(one.itertext()) for one in root.iter() if one.tag.endswith('}text')] for root in roots]))`
  return askPython(script, JSON.stringify(svgs)) as string[][]
}

/** Opens a menu, where it is not open, and chooses from it. A click may meet a page that is just being laid out: then once more. */
async function choose(summary: Locator, name: string | RegExp): Promise<void> {
  const item = summary.locator('xpath=..').getByRole('button', { name })
  for (let left = 4; ; left--) {
    if (!(await item.isVisible())) await summary.click({ timeout: 5_000 }).catch(() => undefined)
    const clicked = item.click({ timeout: 5_000 })
    if (left === 0) return clicked
    if (await clicked.then(() => true).catch(() => false)) return
  }
}

/** As much of a menu in the page as is looked at: the tests know no DOM. */
interface Menu {
  open: boolean
  querySelectorAll(of: 'button'): Iterable<{ readonly textContent: string; readonly disabled: boolean; click(): void }>
}

/** The same without a mouse, which waits for the page to stand still: for the many after the first. */
async function chooseAtOnce(summary: Locator, name: string): Promise<void> {
  const click = (): Promise<boolean> =>
    summary.evaluate((element, name) => {
      const menu = (element as unknown as { parentElement: Menu }).parentElement
      const item = [...menu.querySelectorAll('button')].find(({ textContent }) => textContent === name)
      if (!item || item.disabled) return false
      menu.open = true
      item.click()
      return true
    }, name)
  await expect.poll(click).toBe(true)
}

/** Saves every chart of a page in a form. `saved` hands out the file that a click leads to. */
async function saveAll(
  page: Page,
  form: 'PNG image' | 'SVG image' | 'CSV numbers',
  saved: (click: () => Promise<void>) => Promise<Buffer>,
) {
  const files: { title: string; content: Buffer }[] = []
  const menus = page.locator('summary[aria-label$=": save as a file"]')
  for (;;) {
    // Marked, not counted: some charts are there only once their numbers are, and others move down then.
    const mark = `${form} ${files.length}`
    const name = await menus.evaluateAll(
      (all, [form, mark]) => {
        const next = all.find((one) => !one.getAttribute('data-saved')?.startsWith(form!))
        next?.setAttribute('data-saved', mark!)
        return next?.getAttribute('aria-label')
      },
      [form, mark],
    )
    if (!name) return files
    const summary = page.locator(`summary[data-saved="${mark}"]`)
    const content = await saved(() => (files.length === 0 ? choose(summary, form) : chooseAtOnce(summary, form)))
    files.push({ title: name.replace(/: save as a file$/, ''), content })
  }
}

/** Goes to a page with charts; those of the page before are gone then. */
async function open(page: Page, address: string): Promise<void> {
  const menus = page.locator('summary[aria-label$=": save as a file"]')
  await menus.evaluateAll((all) => all.forEach((one) => one.setAttribute('data-before', '')))
  await page.evaluate(`location.hash = ${JSON.stringify(address)}`)
  await expect.poll(() => page.locator('summary[data-before]').count()).toBe(0)
  await menus.first().waitFor()
}

/** Looks at all charts of all pages, in all forms. */
async function lookAtFiles(page: Page, saved: (click: () => Promise<void>) => Promise<Buffer>): Promise<string[]> {
  const titles: string[] = []
  for (const address of CHART_PAGES) {
    await open(page, address)
    // Every chart has drawn itself, those out of view too: files are drawn apart.
    await expect.poll(() => page.locator('main canvas').count()).toBeGreaterThan(1)
    for (const { title, content } of await saveAll(page, 'PNG image', saved)) {
      const { width, height, shades } = decodePng(content)
      expect([width, height > 800, shades > 10], title).toEqual([1920, true, true])
    }
    const drawings = await saveAll(page, 'SVG image', saved)
    for (const [i, texts] of textsOf(drawings.map(({ content }) => content.toString('utf8'))).entries()) {
      const { title } = drawings[i]!
      expect(texts.join(' '), title).toContain(title)
      // Both axes have names; parallel coordinates have one each.
      if (title !== 'Parallel coordinates') {
        const named = ['step', 'epoch', 'block', 'boundary', 'network', 'blocks'].filter((name) => texts.includes(name))
        expect(named.length, `${title}: ${texts.join(' | ')}`).toBeGreaterThan(0)
      }
      titles.push(title)
    }
    const files = await saveAll(page, 'CSV numbers', saved)
    for (const [i, [header, ...rows]] of readCsvs(files.map(({ content }) => content.toString('utf8'))).entries()) {
      const { title } = files[i]!
      expect(rows.length, title).toBeGreaterThan(0)
      for (const row of rows) expect(row.length, title).toBe(header!.length)
      const words = /^(run|label|name|kind|input|preset|network|combination|initialisation)$|network|where/
      const isNumber = (cell: string): boolean => /^(-?\d[\d.e+-]*|-?inf|NaN|)$/.test(cell)
      const wrong = rows.flatMap((row) => row.filter((cell, column) => !words.test(header![column]!) && !isNumber(cell)))
      expect(wrong, title).toEqual([])
    }
  }
  // The designer's picture.
  await page.evaluate(`location.hash = '#/design/network?preset=proc-resnet-31'`)
  await page.getByRole('application', { name: 'Network canvas' }).waitFor()
  const picture = (form: RegExp) => saved(() => choose(page.locator('summary', { hasText: 'Export' }), form))
  expect(decodePng(await picture(/^PNG/)).shades).toBeGreaterThan(10)
  expect(textsOf([(await picture(/^SVG/)).toString('utf8')])[0]!.join(' ')).toContain('transition1')
  return titles
}

test(
  'every chart is saved as a PNG that decodes, an SVG that parses and numbers that read, in a browser',
  { timeout: LIMIT_MS },
  () =>
    withHome(async (home) => {
      await trainExperiment(home)
      const { address, server } = await serve(home)
      try {
        await withPage(async (page, complaints) => {
          await page.goto(address)
          await page.waitForSelector('nav[aria-label="Places"]')
          const titles = await lookAtFiles(page, async (click) => {
            const [download] = await Promise.all([page.waitForEvent('download'), click()])
            return readFileSync(await download.path())
          })
          for (const title of [
            'Ratio per block',
            'Loss',
            'Chain ratio',
            'Norms by block',
            'Parallel coordinates',
            'Training loss',
          ])
            expect(titles).toContain(title)
          expect(complaints).toEqual([])
        })
      } finally {
        await end(server)
      }
    }),
)

test('and in the app', { timeout: LIMIT_MS }, () =>
  withHome(async (home) => {
    await trainExperiment(home)
    await withApp(home, async (page, app) => {
      const folder = path.join(home, 'saved')
      mkdirSync(folder)
      await app.evaluate(({ session }, into) => {
        session.defaultSession.on('will-download', (_, item) => {
          item.setSavePath(`${into}/part`)
        })
      }, folder)
      let before = -1
      /** The file is there and has stopped growing. */
      const isWhole = (): boolean => {
        const size = statSync(path.join(folder, 'part'), { throwIfNoEntry: false })?.size ?? 0
        const stands = size > 0 && size === before
        before = size
        return stands
      }
      const titles = await lookAtFiles(page, async (click) => {
        rmSync(path.join(folder, 'part'), { force: true })
        await click()
        before = -1
        await expect.poll(isWhole, { timeout: 20_000, interval: 20 }).toBe(true)
        return readFileSync(path.join(folder, 'part'))
      })
      expect(titles.length).toBeGreaterThan(20)
    })
  }),
)
