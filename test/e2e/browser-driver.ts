import { type ChildProcess, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import path from 'node:path'
import { chromium, type Page } from 'playwright-core'
import { findProgram } from '../../build/prepare/command'
import { root } from './app-driver'

export interface Served {
  /** Lets one page in. */
  readonly address: string
  /** The address that lets a further page in, once the last one was used. */
  next(): Promise<string>
  readonly server: ChildProcess
}

/** The same pages for a browser, from a data folder. */
export async function serve(home: string, port = 0): Promise<Served> {
  const server = spawn(
    process.execPath,
    [path.join(root, 'out/main/cli.js'), 'serve', '--json', '--home', home, '--port', String(port)],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  )
  const addresses: string[] = []
  let hear = (): void => undefined
  createInterface(server.stdout!).on('line', (line) => {
    addresses.push((JSON.parse(line) as { address: string }).address)
    hear()
  })
  const next = async (): Promise<string> => {
    while (addresses.length === 0)
      await new Promise<void>((resolve, reject) => {
        hear = resolve
        server.once('exit', (status) => reject(new Error(`serve ended with status ${status}`)))
      })
    return addresses.shift()!
  }
  return { address: await next(), next, server }
}

export async function end(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null || server.signalCode !== null) return
  const over = new Promise((resolve) => server.once('exit', resolve))
  server.kill('SIGTERM')
  await over
}

/** A window of Chromium as a user has it: CSS pixels, and device pixels for each of them. */
export interface Sight {
  readonly width: number
  readonly height: number
  readonly scale?: number
  readonly scheme?: 'light' | 'dark'
}

/** A page of Chromium, and what it complained about. Scroll bars take room, as on most desktops. */
export async function withPage(
  use: (page: Page, complaints: string[]) => Promise<void>,
  { width, height, scale = 1, scheme = 'light' }: Sight = { width: 1280, height: 800 },
): Promise<void> {
  const executablePath = findProgram(['chromium', 'chromium-browser', 'google-chrome'])
  if (!executablePath) throw new Error('Chromium is not installed')
  const browser = await chromium.launch({
    executablePath,
    args: ['--disable-gpu', ...(process.getuid?.() === 0 ? ['--no-sandbox'] : [])],
    ignoreDefaultArgs: ['--hide-scrollbars'],
  })
  try {
    const page = await browser.newPage({
      viewport: { width, height },
      ...{ deviceScaleFactor: scale, colorScheme: scheme, acceptDownloads: true },
    })
    const complaints: string[] = []
    page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()))
    page.on('pageerror', (error) => complaints.push(error.message))
    await use(page, complaints)
  } finally {
    await browser.close()
  }
}
