import { execFileSync } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { _electron, type ElectronApplication, type Page } from 'playwright-core'
import { expect } from 'vitest'
import { electronExecutable, electronFolder } from '../../main/resources'

export const root = path.resolve(__dirname, '../..')

/** A data folder of a test's own, as long as `use` takes. */
export async function withHome(use: (home: string) => Promise<void>): Promise<void> {
  const home = await mkdtemp(path.join(tmpdir(), 'normlab-e2e-'))
  try {
    await use(home)
  } finally {
    await rm(home, { recursive: true, force: true, maxRetries: 5 })
  }
}

/** Opens the real app on a data folder, and closes it after `use`; an answer to its question about closing is given beforehand. */
export async function withApp(home: string, use: (page: Page, app: ElectronApplication) => Promise<void>): Promise<void> {
  const executablePath = electronExecutable(electronFolder(root) ?? '')
  if (!executablePath) throw new Error('Electron is not prepared: npm run prepare-lab')
  const app = await _electron.launch({
    executablePath,
    args: [
      ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
      // Scroll bars take room, as they do where the system cannot lay them over the page.
      '--disable-features=OverlayScrollbar',
      root,
      '--home',
      home,
    ],
    timeout: 60_000,
  })
  try {
    // A run that a failed test left behind must not keep the window open.
    await app.evaluate(({ dialog }) => {
      dialog.showMessageBox = () => Promise.resolve({ response: 0, checkboxChecked: false })
    })
    const page = await app.firstWindow()
    page.setDefaultTimeout(30_000)
    await page.waitForSelector('nav[aria-label="Places"]')
    try {
      await use(page, app)
    } catch (error) {
      // What the window showed says more than the locator that was waited for.
      const name = `failure of ${path.basename(expect.getState().testPath ?? '')}.png`
      await page.screenshot({ path: path.join(root, 'test-results', name) }).catch(() => undefined)
      throw error
    }
  } finally {
    await app.close()
  }
}

/** What the system's dialog answers when it is asked for files or a folder. */
export const chooseFiles = (app: ElectronApplication, files: readonly string[]): Promise<void> =>
  app.evaluate(({ dialog }, filePaths) => {
    dialog.showOpenDialog = () => Promise.resolve({ canceled: false, filePaths: [...filePaths] })
  }, files)

export interface SmallRun {
  readonly network?: string
  readonly epochs: number
  readonly train: number
}

/** Fills in the page of a new run and presses Start; ends on the run's page. */
export async function startRun(
  page: Page,
  { network = 'proc-resnet:blocks=1,planes=4/8/16', epochs, train }: SmallRun,
): Promise<void> {
  await page.evaluate(`location.hash = ${JSON.stringify(`#/new?network=${network}&dataset=shapes10`)}`)
  await page.getByLabel('Epochs', { exact: true }).fill(String(epochs))
  await page.getByLabel('Training images').fill(String(train))
  await page.getByLabel('Test images').fill('32')
  await page.getByLabel('Batch, images').fill('8')
  await page.getByRole('button', { name: /Start/ }).click()
  await page.waitForSelector('.run-state')
}

/** Waits until the run's badge says so. */
export async function waitForState(page: Page, state: string): Promise<void> {
  await page.locator('.run-state', { hasText: state }).waitFor({ timeout: 120_000 })
}

/** Waits until so many steps are done, as the status line counts them. */
export async function waitForSteps(page: Page, steps: number): Promise<void> {
  const done = async (): Promise<number> => {
    const text = await page.locator('footer').innerText()
    return Number(/step ([\d\s]+)\//.exec(text)?.[1]!.replace(/\D/g, '') ?? 0)
  }
  await expect.poll(done, { timeout: 120_000 }).toBeGreaterThanOrEqual(steps)
}

/** The table behind a chart, as rows of cells. */
export async function tableOf(page: Page, title: string): Promise<string[][]> {
  await page.getByRole('button', { name: `${title}: show the table` }).click()
  const region = page.getByRole('region', { name: `${title}, table` })
  const rows = await region
    .locator('tbody tr')
    .evaluateAll((found) => found.map((row) => [...row.children].map((cell) => cell.textContent ?? '')))
  await page.getByRole('button', { name: `${title}: show the chart` }).click()
  return rows
}

/** How many different opaque colours the heat map's canvas shows. */
export async function heatMapColours(page: Page): Promise<number> {
  return page.evaluate(`(() => {
    const canvas = document.querySelector('canvas.heat-map')
    const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height)
    return new Set(new Uint32Array(data.buffer).filter((word) => word >>> 24 === 255)).size
  })()`)
}

/** Process id of the engine host among the app's descendants. */
export function enginePid(app: ElectronApplication): number {
  const lines = execFileSync('ps', ['-A', '-o', 'pid=,ppid=,args='], { encoding: 'utf8' }).split('\n')
  const processes = lines.map((line) => /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line)).filter((match) => match !== null)
  const family = new Set([app.process().pid])
  // Parents have been seen before their children only if the list is walked until nothing is added.
  for (let before = 0; before !== family.size;) {
    before = family.size
    for (const [, pid, parent] of processes) if (family.has(Number(parent))) family.add(Number(pid))
  }
  const host = processes.find(([, pid, , args]) => family.has(Number(pid)) && args!.includes('node.mojom.NodeService'))
  if (!host) throw new Error('the engine host is not running')
  return Number(host[1])
}
