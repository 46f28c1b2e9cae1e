import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { ElectronApplication, Page } from 'playwright-core'
import { inspectNetwork, resolveNetwork } from '../../shared/architecture'
import { Configuration } from '../../shared/configuration'
import { Random } from '../../shared/random'
import type { EpochRecord, StepRecord } from '../../shared/records'
import { Store } from '../../main/store/store'
import { timed, until, withAppPage } from './app-page'
import { print } from './figures'

/**
 * The pages of the real app over a large store: 500 runs, ten of them of a thousand blocks and 60,000 steps. The numbers in
 * it are drawn at random; the time to show them is what is measured.
 */

const RUNS = 500
const LARGE = 10
const STEPS = 60_000
const STEPS_PER_EPOCH = 200
const AT_ONCE = 2000

interface Shape {
  readonly configuration: Configuration
  readonly units: ReturnType<typeof inspectNetwork>['units']
  readonly parameters: number
}
function shapeOf(words: string): Shape {
  const { document } = resolveNetwork(words, { input: [32, 32, 3], classes: 10 })
  const { units, parameters } = inspectNetwork(document)
  return { configuration: Configuration.parse({ network: document, preset: words }), units, parameters }
}

function fillRun(store: Store, shape: Shape, name: string, steps: number): void {
  const generator = new Random(steps + name.length)
  const random = (): number => generator.uniform()
  const { configuration, units, parameters } = shape
  const run = store.runs.create({ name, configuration, units, parameters, versions: {}, owner: null, ownerPid: null })
  const boundaries = units.length + 1
  for (let first = 1; first <= steps; first += AT_ONCE) {
    const records: StepRecord[] = []
    const epochs: EpochRecord[] = []
    for (let step = first; step < Math.min(steps + 1, first + AT_ONCE); step++) {
      const norms = new Float32Array(boundaries)
      for (let l = 0; l < boundaries; l++) norms[l] = 0.9 + 0.2 * random()
      const epoch = Math.ceil(step / STEPS_PER_EPOCH)
      records.push({ step, epoch, loss: 2 / Math.sqrt(step) + random() / 5, accuracy: random(), rate: 0.1, ms: 20, norms })
      if (step % STEPS_PER_EPOCH !== 0) continue
      const column = (): Float32Array => Float32Array.from(units, () => 0.9 + 0.2 * random())
      epochs.push({
        ...{ epoch, firstStep: step - STEPS_PER_EPOCH + 1, lastStep: step, trainLoss: random(), trainAccuracy: random() },
        ...{ testLoss: random(), testAccuracy: random(), seconds: 4 },
        ratios: { mean: column(), min: column(), max: column() },
      })
    }
    store.append(run, records, epochs)
  }
  store.runs.update(run, { state: 'done', steps, stepsPerEpoch: STEPS_PER_EPOCH, startedAt: new Date().toISOString() })
}

function fill(home: string): void {
  mkdirSync(home, { recursive: true })
  const store = new Store(home)
  try {
    if (store.runs.all().length >= RUNS) return
    const small = shapeOf('proc-resnet:blocks=9')
    const large = shapeOf('proc-resnet:blocks=333')
    for (let i = 0; i < RUNS - LARGE; i++) fillRun(store, small, `small ${i}`, STEPS_PER_EPOCH)
    for (let i = 0; i < LARGE; i++) fillRun(store, large, `large ${i}`, STEPS)
  } finally {
    store.close()
  }
}

/**
 * @param wanted Whether a figure of this name is asked for.
 * @param kept A data folder that is filled where it is not there yet, and kept; a temporary one where absent.
 */
export async function pages(wanted: (name: string) => boolean, kept?: string): Promise<void> {
  if (!wanted('pages')) return
  const home = kept ?? mkdtempSync(path.join(tmpdir(), 'normlab-bench-'))
  try {
    fill(home)
    await withAppPage(home, measure)
  } finally {
    if (kept === undefined) rmSync(home, { recursive: true, force: true })
  }
}

async function measure(page: Page, app: ElectronApplication): Promise<void> {
  const rows = page.locator('tbody tr[aria-rowindex]')
  await rows.first().waitFor()
  // Since the page's navigation began: its scripts, the list of runs, the rows.
  const table = (await page.evaluate('performance.now()')) as number
  print({ name: `pages: table of ${RUNS} runs opens`, value: table / 1000, unit: 's', peer: 1, ratio: table / 1000 })

  const ids = Array.from({ length: LARGE }, (_, i) => RUNS - LARGE + 1 + i)
  const compare = await timed(page, async () => {
    await page.evaluate(`location.hash = '#/compare?runs=${ids.join(',')}'`)
    await until(page, `document.querySelectorAll('canvas.heat-map').length === ${LARGE} && !document.querySelector('.loading')`)
  })
  print({
    name: `pages: comparison of ${LARGE} runs of ${STEPS} steps opens`,
    value: compare / 1000,
    unit: 's',
    peer: 2,
    ratio: compare / 2000,
  })

  await page.evaluate(`location.hash = '#/runs/${ids[0]}'`)
  const map = page.locator('canvas.heat-map').first()
  await map.waitFor()
  await page.waitForTimeout(1500)
  const frames = await panFrames(page)
  print({
    name: 'pages: heat map of 999 blocks × 300 epochs pans',
    value: frames,
    unit: 'frames/s',
    peer: 30,
    ratio: frames / 30,
  })

  const share = await liveShare(app, page)
  print({ name: 'pages: live page beside training, of one core', value: 100 * share, unit: '%', peer: 10, ratio: share / 0.1 })
}

/** Drags over the zoomed heat map for some seconds, one move a frame, and counts the frames. */
async function panFrames(page: Page): Promise<number> {
  return page.evaluate(`(async () => {
    const plot = document.querySelector('canvas.heat-map').parentElement
    const box = plot.getBoundingClientRect()
    const at = (type, x, y, more = {}) => {
      const place = { clientX: box.left + x, clientY: box.top + y, bubbles: true, pointerId: 1, button: 0, ...more }
      plot.dispatchEvent(type === 'wheel' ? new WheelEvent(type, { ...place, cancelable: true }) : new PointerEvent(type, place))
    }
    plot.setPointerCapture = () => undefined
    const frame = () => new Promise(requestAnimationFrame)
    for (let i = 0; i < 3; i++) {
      at('pointermove', box.width / 2, box.height / 2)
      at('wheel', box.width / 2, box.height / 2, { ctrlKey: true, deltaY: -1 })
      at('wheel', box.width / 2, box.height / 2, { shiftKey: true, deltaY: -1 })
      await frame()
      await frame()
    }
    at('pointerdown', box.width / 2, box.height / 2)
    const from = await frame()
    let now = from
    let count = 0
    while (now - from < 3000) {
      at('pointermove', box.width / 2 + 250 * Math.sin(count / 25), box.height / 2 + 40 * Math.cos(count / 10))
      now = await frame()
      count++
    }
    at('pointerup', box.width / 2, box.height / 2)
    return (1000 * count) / (now - from)
  })()`)
}

/** Share of one core that the page's process takes while a run of 166 layers goes on and its page is open. */
async function liveShare(app: ElectronApplication, page: Page): Promise<number> {
  await page.evaluate(`location.hash = '#/new?network=proc-resnet-166&dataset=shapes10'`)
  await page.getByLabel('Batch, images').fill('8')
  await page.getByRole('button', { name: /Start/ }).click()
  await until(page, `/step \\d+\\//.test(document.querySelector('footer')?.textContent ?? '')`)
  await page.waitForTimeout(3000)
  const pid = await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]!.webContents.getOSProcessId())
  const [cpu, at] = [cpuSeconds(pid), performance.now()]
  await page.waitForTimeout(15_000)
  return (cpuSeconds(pid) - cpu) / ((performance.now() - at) / 1000)
}

/** Seconds of processor time that a process has taken; clock ticks are hundredths on Linux. */
function cpuSeconds(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]!.split(' ')
  return (Number(fields[11]) + Number(fields[12])) / 100
}
