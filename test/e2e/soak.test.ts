import { readFileSync } from 'node:fs'
import type { CDPSession } from 'playwright-core'
import { expect, test } from 'vitest'
import { Ownership } from '../../main/store/ownership'
import { Store } from '../../main/store/store'
import { inspectNetwork } from '../../shared/architecture'
import { networkFromPreset } from '../../shared/architecture/resolve'
import { Configuration } from '../../shared/configuration'
import { EpochSummary } from '../../shared/measures/epoch-summary'
import { withHome } from './app-driver'
import { end, serve, withPage } from './browser-driver'

/**
 * A run that never ends, made up record by record by another program on the same data folder, goes through the lab to a page that shows it. Half
 * a minute here; NORMLAB_SOAK_MINUTES=120 for two hours. The page comes to a run that has many steps already; NORMLAB_SOAK_BEFORE=1000000 for more.
 */
const MINUTES = Number(process.env['NORMLAB_SOAK_MINUTES'] ?? 0.5)
const BEFORE = Number(process.env['NORMLAB_SOAK_BEFORE'] ?? 70_000)
/** A bundle of steps, and how often it comes: a thousand steps a second. */
const BUNDLE = 50
const EVERY_MS = 50
const EPOCH_STEPS = 500

const residentMb = (pid: number): number =>
  Number(/^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))![1]) / 1000

/** What the page's scripts hold, once what nobody holds was let go. */
async function heapMb(session: CDPSession): Promise<number> {
  await session.send('HeapProfiler.collectGarbage')
  const { usedSize } = await session.send('Runtime.getHeapUsage')
  return usedSize / 1e6
}

test.skipIf(process.platform !== 'linux')(
  'hours of records go through lab and page, and neither holds on to them',
  { timeout: 120_000 + MINUTES * 180_000 + BEFORE / 2 },
  () =>
    withHome(async (home) => {
      const network = networkFromPreset('proc-resnet:blocks=5,planes=4/8/16')
      const { units, parameters } = inspectNetwork(network)
      const store = new Store(home)
      const ownership = new Ownership(home)
      const owner = { owner: ownership.id, ownerPid: process.pid }
      const run = store.runs.create({
        name: 'endless',
        configuration: Configuration.parse({ network }),
        units,
        parameters,
        versions: {},
        ...owner,
      })
      store.runs.update(run, { state: 'running', startedAt: new Date().toISOString(), stepsPerEpoch: EPOCH_STEPS, steps: 1e9 })
      let step = 0
      let summary = new EpochSummary(1, units.length)
      const write = (count = BUNDLE): void => {
        const steps = Array.from({ length: count }, () => {
          const norms = Float32Array.from({ length: units.length + 1 }, (_, i) => 1 + 0.1 * Math.sin(step / 100 + i))
          return {
            step: ++step,
            epoch: Math.ceil(step / EPOCH_STEPS),
            loss: 1 + 1 / step,
            accuracy: 0.5,
            rate: 0.1,
            ms: 1,
            norms,
          }
        })
        for (const record of steps) summary.add(record)
        const closes = step % EPOCH_STEPS === 0
        store.append(run, steps, closes ? [summary.record({ accuracy: 0.5, loss: 1 }, 0.5)] : [])
        if (closes) summary = new EpochSummary(step / EPOCH_STEPS + 1, units.length)
      }
      while (step < BEFORE) write(EPOCH_STEPS)
      const { address, server } = await serve(home)
      try {
        await withPage(async (page, complaints) => {
          await page.goto(address)
          await page.evaluate(`location.hash = '#/runs/${run}'`)
          await page.waitForSelector('.run-state')
          const session = await page.context().newCDPSession(page)
          const seen: { step: number; lab: number; page: number }[] = []
          const begun = performance.now()
          const timer = setInterval(() => write(), EVERY_MS)
          try {
            for (const share of [1 / 3, 2 / 3, 1]) {
              await new Promise((resolve) =>
                setTimeout(resolve, Math.max(0, begun + share * MINUTES * 60_000 - performance.now())),
              )
              seen.push({ step, lab: residentMb(server.pid!), page: await heapMb(session) })
            }
          } finally {
            clearInterval(timer)
          }
          // All of it has come to the page, which still answers.
          const shown = async (): Promise<number> =>
            Number(/step ([\d\s,]+)/i.exec(await page.locator('main').innerText())?.[1]!.replace(/\D/g, '') ?? 0)
          await expect.poll(shown, { timeout: 60_000 }).toBeGreaterThanOrEqual(step - BUNDLE)
          process.stderr.write(`soak: ${JSON.stringify(seen)}\n`)
          const [first, , last] = seen
          expect(step - BEFORE).toBeGreaterThan(20 * BUNDLE)
          expect(last!.lab - first!.lab).toBeLessThan(80)
          expect(last!.page - first!.page).toBeLessThan(20)
          expect(complaints).toEqual([])
        })
      } finally {
        await end(server)
        store.close()
        ownership.close()
      }
    }),
)
