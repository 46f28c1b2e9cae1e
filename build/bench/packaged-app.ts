import { type ChildProcess, spawn } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { chromium, type Page } from 'playwright-core'

/** A packaged app that runs. Its fuses keep a debugger of Node out, so its page is reached as Chromium's. */
export interface PackagedApp {
  readonly page: Page
  /** The app's main process and all that it started, by process id. */
  pids(): number[]
  /** Milliseconds from the start to the first content on the screen. */
  readonly firstPaintMs: number
  /** Asks it to quit, and waits until it has. @returns its exit status. */
  quit(): Promise<number | null>
}

/** Starts a packaged app by a command, which is given one switch more, and waits for its page. */
export async function startPackagedApp(
  [program, ...args]: readonly string[],
  options: { readonly env: NodeJS.ProcessEnv; readonly cwd?: string },
): Promise<PackagedApp> {
  const startedAt = Date.now()
  const child = spawn(program!, [...args, '--remote-debugging-port=0'], { ...options, stdio: ['ignore', 'ignore', 'pipe'] })
  const gone = new Promise<number | null>((resolve) => child.once('close', resolve))
  const browser = await chromium.connectOverCDP(await debuggingAddress(child), { noDefaults: true })
  const page = browser.contexts()[0]!.pages()[0] ?? (await browser.contexts()[0]!.waitForEvent('page'))
  page.setDefaultTimeout(60_000)
  await page.waitForSelector('nav[aria-label="Places"]')
  const painted = `performance.timeOrigin + (performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? NaN)`
  let at = NaN
  while (Number.isNaN(at)) at = await page.evaluate<number>(painted)
  return {
    page,
    pids: () => family(child.pid!),
    firstPaintMs: at - startedAt,
    async quit() {
      // The one that started it may be a tool that only waits.
      for (const pid of family(child.pid!).filter(isMain)) process.kill(pid, 'SIGTERM')
      return gone
    },
  }
}

/** Chromium tells on standard error where it listens. */
function debuggingAddress(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let said = ''
    child.stderr!.on('data', (text: Buffer) => {
      said += text.toString()
      const found = /DevTools listening on ws:\/\/([\d.:]+)\//.exec(said)
      if (found) resolve(`http://${found[1]!}`)
    })
    child.once('error', reject)
    child.once('close', (status) => reject(new Error(`the app ended with status ${status}: ${said}`)))
  })
}

/** A process and all that descend from it. */
export function family(pid: number): number[] {
  const parents = new Map<number, number>()
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue
    try {
      const fields = readFileSync(`/proc/${name}/stat`, 'utf8')
        .replace(/^.*\) /, '')
        .split(' ')
      parents.set(Number(name), Number(fields[1]))
    } catch {
      // Gone meanwhile.
    }
  }
  const found = new Set([pid])
  for (let before = 0; before !== found.size;) {
    before = found.size
    for (const [child, parent] of parents) if (found.has(parent)) found.add(child)
  }
  return [...found]
}

/** Whether a process is Electron's main one: neither a tool that started it nor one of Chromium's own. */
function isMain(pid: number): boolean {
  try {
    const words = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0')
    return /normlab-desktop$/.test(words[0]!) && !words.some((word) => word.startsWith('--type='))
  } catch {
    return false
  }
}
