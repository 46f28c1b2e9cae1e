import { type ChildProcess, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import path from 'node:path'
import { chromium, type Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { findProgram } from '../../build/prepare/system'
import { heatMapColours, root, startRun, tableOf, waitForState, withHome } from './app-driver'

interface Served {
  readonly address: string
  readonly server: ChildProcess
}

async function serve(home: string, port = 0): Promise<Served> {
  const server = spawn(
    process.execPath,
    [path.join(root, 'out/main/cli.js'), 'serve', '--json', '--home', home, '--port', String(port)],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  )
  const line = await new Promise<string>((resolve, reject) => {
    createInterface(server.stdout!).once('line', resolve)
    server.once('exit', (status) => reject(new Error(`serve ended with status ${status}`)))
  })
  return { address: (JSON.parse(line) as { address: string }).address, server }
}

async function end(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null || server.signalCode !== null) return
  const over = new Promise((resolve) => server.once('exit', resolve))
  server.kill('SIGTERM')
  await over
}

/** A page of Chromium, and what it complained about. */
async function withPage(use: (page: Page, complaints: string[]) => Promise<void>): Promise<void> {
  const executablePath = findProgram(['chromium', 'chromium-browser', 'google-chrome'])
  if (!executablePath) throw new Error('Chromium is not installed')
  const browser = await chromium.launch({
    executablePath,
    args: ['--disable-gpu', ...(process.getuid?.() === 0 ? ['--no-sandbox'] : [])],
  })
  try {
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 } })
    const complaints: string[] = []
    page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()))
    page.on('pageerror', (error) => complaints.push(error.message))
    await use(page, complaints)
  } finally {
    await browser.close()
  }
}

test('a browser with the token gets the same pages, trains, and forgets the token in its address', () =>
  withHome(async (home) => {
    const { address, server } = await serve(home)
    try {
      await withPage(async (page, complaints) => {
        await page.goto(address)
        await page.getByText('No runs yet').waitFor()
        expect(page.url()).not.toContain('token')
        await startRun(page, { epochs: 3, train: 32 })
        await waitForState(page, 'Done')
        const ratios = (await tableOf(page, 'Ratio per block')).map((row) => Number(row[4]))
        expect(ratios).toHaveLength(6)
        expect(ratios.every((ratio) => Number.isFinite(ratio) && ratio > 0)).toBe(true)
        expect(await heatMapColours(page)).toBeGreaterThan(5)
        // Loaded again it still knows the token of its tab.
        await page.reload()
        await waitForState(page, 'Done')
        expect(complaints).toEqual([])
      })
    } finally {
      await end(server)
    }
  }))

test('a browser without the token, or with another, is refused and told how to come in', () =>
  withHome(async (home) => {
    const { address, server } = await serve(home)
    try {
      for (const wrong of [address.replace(/#.*$/, ''), address.replace(/token=.*$/, `token=${'0'.repeat(64)}`)]) {
        await withPage(async (page) => {
          await page.goto(wrong)
          await page.getByText('This page needs its token').waitFor()
          expect(await page.getByRole('navigation').count()).toBe(0)
        })
      }
    } finally {
      await end(server)
    }
  }))

test('a server that goes away is announced', () =>
  withHome(async (home) => {
    const { address, server } = await serve(home)
    await withPage(async (page) => {
      await page.goto(address)
      await page.getByText('No runs yet').waitFor()
      await end(server)
      await page.getByText('The connection to the lab is lost').waitFor()
    })
  }))
