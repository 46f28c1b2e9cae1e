import { type SpawnSyncReturns, spawnSync } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { gunzipSync } from 'node:zlib'
import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { saveComparison } from '../../main/store/notes'
import { Store } from '../../main/store/store'
import { ComparisonLayout } from '../../shared/comparison'
import { root, withApp, withHome } from './app-driver'
import { end, serve, withPage } from './browser-driver'

const HOSTILE = `</script><script>window.ran=1</script><img src=x onerror="window.ran=1">`

function asked(env: NodeJS.ProcessEnv, home: string, ...words: string[]): SpawnSyncReturns<string> {
  const program = [path.join(root, 'out/main/cli.js'), ...words, '--home', home]
  return spawnSync(process.execPath, program, { encoding: 'utf8', env, cwd: home })
}

function normlab(home: string, ...words: string[]): string {
  const { status, stdout, stderr } = asked(process.env, home, ...words)
  if (status !== 0) throw new Error(stderr)
  return stdout
}

/** Opens a file without a network, and hears what it asks for. */
async function opened(page: Page, file: string): Promise<string[]> {
  const asked: string[] = []
  page.on('request', (request) => asked.push(request.url()))
  await page.context().setOffline(true)
  await page.goto(pathToFileURL(file).href)
  await page.waitForSelector('html[data-drawn]')
  return asked
}

test('a report is one file that opens without a network, draws its runs, and lets one look into the charts', () =>
  withHome(async (home) => {
    writeFileSync(path.join(home, 'normlab.db'), gunzipSync(readFileSync(path.join(root, 'test/unit/store/released/6.db.gz'))))
    const store = new Store(home)
    store.runs.update(1, { name: HOSTILE })
    const { name } = store.runs.get(2)
    store.close()
    const file = path.join(home, 'a report.html')
    normlab(home, 'report', 'run:1', 'run:2', '--out', file)
    await withPage(async (page, complaints) => {
      const asked = await opened(page, file)
      expect(asked).toEqual([pathToFileURL(file).href])
      const text = await page.locator('body').innerText()
      for (const part of [
        HOSTILE.slice(0, 30),
        name,
        'Results',
        'How to repeat it',
        'normlab train proc-resnet',
        'Methods',
        'arXiv:1805.07477',
        '@software{normlab',
      ])
        expect(text).toContain(part)
      expect(await page.evaluate(`'ran' in window`)).toBe(false)
      // Every chart has drawn something of its own.
      const lines = await page
        .locator('figure svg')
        .evaluateAll((charts) => charts.map((chart) => chart.querySelectorAll('path').length))
      expect(lines.length).toBeGreaterThanOrEqual(5)
      expect(Math.min(...lines)).toBeGreaterThan(3)
      const chart = page.locator('figure').first()
      await chart.locator('.chart').hover()
      await expect.poll(() => chart.locator('.readout').innerText()).toMatch(/^step \d+ · .*: \d/)
      const places = async (): Promise<string> => (await chart.locator('svg text').allInnerTexts()).join()
      const drawn = (): Promise<number> => chart.locator('svg path').count()
      const before = await places()
      await page.mouse.wheel(0, -300)
      await expect.poll(places).not.toBe(before)
      await chart.locator('.chart').dblclick()
      await expect.poll(places).toBe(before)
      const all = await drawn()
      await chart.getByRole('button', { name: `#2 ${name}`, exact: true }).click()
      await expect.poll(drawn).toBeLessThan(all)
      expect(complaints).toEqual([])
      // As PDF it is what the browser prints.
      const pdf = await page.pdf({ format: 'A4', printBackground: true })
      expect(pdf.subarray(0, 5).toString()).toBe('%PDF-')
      expect(pdf.length).toBeGreaterThan(20_000)
    })
  }))

test('the command line reports on an experiment with its verdict and on a kept comparison, as a page that draws and as PDF', () =>
  withHome(async (home) => {
    const definition = path.join(home, 'rates.json')
    const cells = ['slow', 'quick'].map((label, i) => ({ label, set: { 'training.rate': [0.01, 0.1][i]! } }))
    writeFileSync(
      definition,
      JSON.stringify({
        ...{ name: `Rates ${HOSTILE}`, claim: 'A rate is a rate.', axes: [{ name: 'rate', variants: cells }] },
        base: { network: 'plain:blocks=1,widths=4/8', data: { train: 32, test: 16 }, training: { epochs: 1, batch: 16 } },
        expects: [{ words: 'quick is better', measure: 'trainLoss', axis: 'rate', better: 'quick', than: 'slow' }],
      }),
    )
    normlab(home, 'experiment', definition)
    const store = new Store(home)
    saveComparison(store, { name: 'Both rates', layout: ComparisonLayout.parse({ runs: [1, 2] }) })
    store.close()
    const [experiment, comparison] = ['experiment', 'comparison'].map((of) => path.join(home, `${of}.html`)) as [string, string]
    normlab(home, 'report', 'experiment:1', '--out', experiment)
    normlab(home, 'report', 'comparison:1', '--out', comparison)
    await withPage(async (page, complaints) => {
      for (const [file, parts] of [
        [
          experiment,
          [HOSTILE.slice(0, 30), 'Claim: A rate is a rate.', '2 of 2 cells have runs', 'Verdict', 'normlab experiment '],
        ],
        [comparison, ['Both rates', 'Comparison of runs 1, 2', 'training.rate', '#1 ', '#2 ']],
      ] as const) {
        expect(await opened(page, file)).toEqual([pathToFileURL(file).href])
        const text = await page.locator('body').innerText()
        for (const part of parts) expect(text).toContain(part)
        expect(await page.evaluate(`'ran' in window`)).toBe(false)
        await expect.poll(() => page.locator('figure svg').count()).toBeGreaterThanOrEqual(5)
      }
      expect(complaints).toEqual([])
    })
    // By the app's own window, which wants a display, and by a browser, which does not.
    const withoutDisplay = { ...process.env, DISPLAY: '', WAYLAND_DISPLAY: '' }
    for (const [of, env] of [
      ['experiment:1', { ...process.env, PATH: '' }],
      ['comparison:1', withoutDisplay],
    ] as const) {
      const out = path.join(home, 'report.pdf')
      expect(asked(env, home, 'report', of, '--out', out)).toMatchObject({ status: 0, stderr: '' })
      const pdf = readFileSync(out)
      expect(pdf.subarray(0, 5).toString()).toBe('%PDF-')
      expect(pdf.length).toBeGreaterThan(20_000)
    }
    const nobody = asked({ ...withoutDisplay, PATH: '' }, home, 'report', 'run:1', '--out', path.join(home, 'none.pdf'))
    expect(nobody.status).not.toBe(0)
    expect(nobody.stderr).toMatch(/a PDF is printed by Chromium.*none is on this machine; write the report as \.html/)
    expect(existsSync(path.join(home, 'none.pdf'))).toBe(false)
    const missing = asked(process.env, home, 'report', 'comparison:7', '--out', comparison)
    expect(missing.stderr).toContain('there is no comparison 7; use 1 (Both rates)')
  }))

test('the command that a report tells makes the same run again', () =>
  withHome(async (home) => {
    normlab(
      home,
      'train',
      'plain:blocks=1,widths=4/8',
      '--set',
      'data.train=64',
      '--set',
      'data.test=32',
      '--batch',
      '16',
      '--rate',
      '0.01',
      '--threads',
      '1',
      '--epochs',
      '2',
      '--seed',
      '7',
    )
    // Where no file is named, it is named by the run.
    const file = path.join(home, 'run-1-plain-blocks-1-widths-4-8.html')
    normlab(home, 'report', 'run:1')
    expect(asked(process.env, home, 'report', 'run:1').stderr).toContain(`${file}: there is already a file of this name; name it with --out`) // prettier-ignore
    await withPage(async (page) => {
      await opened(page, file)
      const command = await page.locator('h2:text("How to repeat it") ~ pre').first().innerText()
      const [program, ...words] = command.split(' ')
      expect(program).toBe('normlab')
      normlab(home, ...words)
    })
    const store = new Store(home)
    try {
      const losses = [1, 2].map((run) => [...store.steps.each(run)].map(({ loss, norms }) => [loss, ...norms]))
      expect(losses[0]).toHaveLength(8)
      expect(losses[1]).toEqual(losses[0])
      expect(store.runs.configuration(2)).toEqual(store.runs.configuration(1))
    } finally {
      store.close()
    }
  }))

test('the app writes a report where its dialog says, as a page and as PDF; a browser gets it as a download', () =>
  withHome(async (home) => {
    writeFileSync(path.join(home, 'normlab.db'), gunzipSync(readFileSync(path.join(root, 'test/unit/store/released/6.db.gz'))))
    const offered = 'run-1-first.html'
    await withApp(home, async (page, app) => {
      for (const format of ['html', 'pdf'] as const) {
        const out = path.join(home, `report.${format}`)
        await app.evaluate(({ dialog }, filePath) => {
          dialog.showSaveDialog = ((_: unknown, { defaultPath }: { defaultPath: string }) => {
            Object.assign(globalThis, { defaultPath })
            return Promise.resolve({ canceled: false, filePath })
          }) as never
        }, out)
        await page.evaluate(`location.hash = '#/runs/1'`)
        await page.locator('summary', { hasText: 'Export' }).click()
        await page.getByRole('button', { name: format === 'html' ? /^Report One/ : /^Report as PDF/ }).click()
        await page.getByText(`Written to ${out}.`).waitFor()
        const proposed = await app.evaluate(() => (globalThis as unknown as { defaultPath: string }).defaultPath)
        expect(path.basename(proposed)).toBe(offered.replace('html', format))
        expect(readFileSync(out).subarray(0, 5).toString()).toBe(format === 'html' ? '<!doc' : '%PDF-')
      }
      expect(readFileSync(path.join(home, 'report.pdf')).length).toBeGreaterThan(20_000)
    })
    const { address, server } = await serve(home)
    try {
      await withPage(async (page, complaints) => {
        await page.goto(address)
        await page.getByRole('navigation').first().waitFor()
        await page.evaluate(`location.hash = '#/compare?runs=1,2'`)
        const [download] = await Promise.all([
          page.waitForEvent('download'),
          page.getByRole('button', { name: 'Report', exact: true }).click(),
        ])
        expect(download.suggestedFilename()).toBe('runs-1,2.html')
        expect(readFileSync(await download.path(), 'utf8')).toContain('Comparison of 2 runs')
        await page.evaluate(`location.hash = '#/runs/1'`)
        await page.locator('summary', { hasText: 'Export' }).click()
        const [own] = await Promise.all([
          page.waitForEvent('download'),
          page.getByRole('button', { name: /^Report One/ }).click(),
        ])
        expect(own.suggestedFilename()).toBe(offered)
        expect(complaints).toEqual([])
      })
    } finally {
      await end(server)
    }
  }))
