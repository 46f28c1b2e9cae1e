import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { build } from 'esbuild'
import type { Page } from 'playwright-core'
import { UserError } from '../../shared/errors'
import { withAppPage } from './app-page'
import { type Frames, open, painted, pan, shown } from './designer-page'
import { median, print } from './figures'

/**
 * The designer of the real app on a network of 1003 layers: how long it takes to open, to show its 333 blocks and to take an
 * edit, and how many frames it draws while the view is moved. The limits are those of the design.
 */

const NETWORK = 'proc-resnet-1003'
const OPENED = `#/design/network?preset=${NETWORK}`
const FOLDED = { selector: '.vue-flow__node', count: 11 }
const ALL = { selector: 'svg.cells .cell', count: 333 }
const LAUNCHES = 3
const OPENINGS = 7
const EDITS = 20
const PANS = 5

/** @param wanted Whether a figure of this name is asked for. */
export async function designer(wanted: (name: string) => boolean): Promise<void> {
  if (!wanted('designer')) return
  const home = mkdtempSync(path.join(tmpdir(), 'normlab-bench-'))
  try {
    const first: number[] = []
    for (let launch = 1; launch <= LAUNCHES; launch++)
      await withAppPage(home, async (page) => {
        await page.locator('nav[aria-label="Places"]').waitFor()
        await page.waitForTimeout(1000)
        first.push(await open(page, OPENED, FOLDED))
        if (launch === LAUNCHES) await measure(page, first)
      })
  } finally {
    rmSync(home, { recursive: true, force: true })
  }
}

/** A time beside its limit, milliseconds. */
function printTime(what: string, ms: number, limit?: number): void {
  print({ name: `designer: ${what}`, value: ms, unit: 'ms', ...(limit !== undefined && { peer: limit, ratio: ms / limit }) })
}

async function measure(page: Page, first: readonly number[]): Promise<void> {
  printTime(`${NETWORK} opens, the first page of the designer`, median(first), 500)
  printTime(`${NETWORK} opens`, await reopen(page, OPENED), 500)
  await showAll(page)
  printTime('a check alone, in the page', median(await checks(page)), 50)
  await edit(page)
  printTime(`${NETWORK} opens from the library`, await reopen(page, await storedAddress(page)), 500)
  await colour(page)
}

async function showAll(page: Page): Promise<void> {
  const times: number[] = []
  for (let i = 0; i < OPENINGS; i++) {
    await press(page, 'Shift+F')
    await page.waitForTimeout(300)
    times.push(await shown(page, ALL, () => press(page, 'Shift+O')))
  }
  printTime(`all ${ALL.count} blocks are shown`, median(times))
  await pans(page, `${ALL.count} blocks`)
}

/** With all blocks shown, with one of them opened beside the others, and with all others folded. */
async function edit(page: Page): Promise<void> {
  await press(page, 'F')
  await page.locator('.vue-flow__node[data-id="stage2/block"] strong').click()
  await edits(page, `one block more of ${ALL.count}`, ALL.count, (i) => press(page, i % 2 === 0 ? ']' : '['), 'keydown')
  await page.getByRole('button', { name: 'Open stage2/block', exact: true }).click()
  await pickLayer(page)
  await edits(page, 'a filter more in an opened block, all others shown', (ALL.count * 2) / 3, raise(page))
  await press(page, 'Shift+F')
  await page.getByRole('button', { name: 'Open stage2', exact: true }).click()
  await page.getByRole('button', { name: 'Open stage2/block', exact: true }).click()
  await pickLayer(page)
  await edits(page, 'a filter more in an opened block, all others folded', 0, raise(page))
}

/** Blocks in the colours of their ratios are the most there is to draw. */
async function colour(page: Page): Promise<void> {
  await page.getByRole('spinbutton', { name: 'Batch, images' }).fill('2')
  await press(page, 'Shift+O')
  await page.getByRole('tab', { name: 'Theory' }).click()
  await page.getByRole('button', { name: 'Measure now' }).click()
  await page.locator(`:nth-match(svg.cells .coloured, ${ALL.count})`).waitFor()
  // The process that has measured them is gone by then.
  await page.waitForTimeout(5000)
  await pans(page, `${ALL.count} blocks in the colours of their ratios`)
}

/** A key on the canvas. */
async function press(page: Page, key: string): Promise<void> {
  await page.locator('.stage').focus()
  await page.keyboard.press(key)
}

async function pickLayer(page: Page): Promise<void> {
  await page.waitForTimeout(300)
  await page.locator('.vue-flow__node[data-id="stage2/block/conv1"] .title').click()
}

/** The filters' button for more and, so that the network stays as it is, for less in turn. */
const raise = (page: Page) => (i: number) =>
  page.getByRole('button', { name: i % 2 === 0 ? 'Filters: more +' : 'Filters: less −' }).click()

/** Moves the view about, several times, from where numbers can be read. */
async function pans(page: Page, what: string): Promise<void> {
  await page.waitForTimeout(300)
  for (let i = 0; i < 3; i++) await press(page, '+')
  await page.waitForTimeout(700)
  const moved: Frames[] = []
  for (let i = 0; i < PANS; i++) moved.push(await pan(page))
  const perSecond = median(moved.map((one) => one.perSecond))
  print({ name: `designer: ${what} pan`, value: perSecond, unit: 'frames/s', peer: 30, ratio: perSecond / 30 })
  printTime(`${what} pan, longest frame`, median(moved.map((one) => one.longestMs)))
}

/** Opens a network again and again, another one in between. */
async function reopen(page: Page, address: string): Promise<number> {
  const times: number[] = []
  for (let i = 0; i < OPENINGS; i++) {
    await open(page, '#/design/network?preset=resnet-20', { selector: FOLDED.selector, count: 8 })
    await page.waitForTimeout(300)
    times.push(await open(page, address, FOLDED))
    await page.waitForTimeout(300)
  }
  return median(times)
}

/** From the key or button to the frame that shows what came of it, with so many blocks shown. */
async function edits(
  page: Page,
  what: string,
  blocks: number,
  act: (i: number) => Promise<void>,
  event: 'click' | 'keydown' = 'click',
): Promise<void> {
  const found = await page.locator(ALL.selector).count()
  if (found !== blocks) throw new UserError(`${found} blocks are shown instead of ${blocks}`, { place: 'designer' })
  const times: number[] = []
  for (let i = 0; i < EDITS; i++) {
    // Long enough for the frame to be over, and too short for the network to be saved in between.
    await page.waitForTimeout(250)
    times.push(await painted(page, event, () => act(i)))
  }
  printTime(`${what}, checked and painted`, median(times), 50)
}

/** The check by itself, milliseconds: the same code in the page's own process, which does not give its own away. */
async function checks(page: Page): Promise<number[]> {
  const { outputFiles } = await build({
    stdin: {
      contents: `export { networkFromPreset } from './shared/architecture'; export { checkNetwork } from './shared/architecture/check'`,
      resolveDir: path.resolve(__dirname, '../..'),
    },
    ...{ bundle: true, write: false, format: 'iife', globalName: 'checked', target: 'chrome108', logLevel: 'silent' },
  })
  return page.evaluate<number[]>(`(() => {
    ${outputFiles[0]!.text}
    const document = checked.networkFromPreset('${NETWORK}')
    return Array.from({ length: ${EDITS} }, () => {
      const from = performance.now()
      checked.checkNetwork(document)
      return performance.now() - from
    })
  })()`)
}

/** The address that the edited network has got in the library. */
async function storedAddress(page: Page): Promise<string> {
  await page.waitForTimeout(1500)
  const address = (await page.evaluate('location.hash')) as string
  if (!address.includes('id='))
    throw new UserError(`the edited network is not in the library (${address})`, { place: 'designer' })
  return address
}
