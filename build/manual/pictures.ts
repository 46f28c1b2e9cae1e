import { spawn, spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { createInterface } from 'node:readline'
import { chromium, type Page } from 'playwright-core'
import { UserError } from '../../shared/errors'
import { runTool } from '../command-line'
import { findProgram } from '../prepare/command'

const COMMANDS = path.resolve(__dirname, '../../out/main/cli.js')

/** A picture of the guide: where it is, and what is done before it is taken. */
interface Picture {
  readonly name: string
  readonly address: string
  /** @param source A file that a data set can be imported from. */
  before?(page: Page, source: string): Promise<void>
}

const PICTURES: readonly Picture[] = [
  { name: 'runs-page', address: '#/runs' },
  { name: 'new-run', address: '#/new' },
  { name: 'settings-page', address: '#/settings' },
  { name: 'library-page', address: '#/design' },
  { name: 'search-page', address: '#/experiments/1' },
  {
    name: 'import-page',
    address: '#/data',
    async before(page, source) {
      const chooser = page.waitForEvent('filechooser')
      await page.getByText('Import…', { exact: true }).click()
      await page.getByRole('button', { name: /^File or archive/ }).click()
      await (await chooser).setFiles(source)
      // Looked at in a process that gives way to all others: on a busy machine it takes its time.
      await page.getByRole('region', { name: 'What it holds' }).waitFor({ timeout: 300_000 })
    },
  },
  {
    name: 'checks-page',
    address: '#/data/digits?view=checks',
    async before(page) {
      await page.getByRole('button', { name: 'Check the set' }).click()
      await page.getByText(/^checked /).waitFor({ timeout: 300_000 })
    },
  },
]

const SMALL = ['--set', 'data.train=128', '--set', 'data.test=64', '--epochs', '3', '--batch', '16']
/** Runs whose pages are worth a picture: nets with and without skips, a search, and a run of more than two hundred blocks. */
const RUNS: readonly (readonly string[])[] = [
  ...['plain:blocks=3,widths=4/8', 'proc-resnet:blocks=3,planes=4/8', 'resnet:blocks=2,widths=4/8'].flatMap((net) =>
    ['1', '2'].map((seed) => ['train', net, ...SMALL, '--seed', seed]),
  ),
  [
    ...['search', 'plain:blocks=1,widths=4/8', '--space', 'rate=1e-2..0.5,momentum=0.5..0.95', '--trials', '8', ...SMALL],
    ...['--name', 'Rate and momentum'],
  ],
  [
    ...['train', 'proc-resnet:blocks=67,planes=4/8/16', '--epochs', '4', '--batch', '8', '--name', 'Two hundred blocks'],
    ...['--set', 'data.train=24', '--set', 'data.test=16'],
  ],
]

/** `npx tsx build/manual/pictures.ts FOLDER [--home HOME] [--theme dark] [--size 1920x1080] [NAME…]`: pictures of the pages as they are. */
runTool(async () => {
  const words = process.argv.slice(2)
  const option = (name: string): string | undefined => {
    const at = words.indexOf(`--${name}`)
    return at < 0 ? undefined : words.splice(at, 2)[1]
  }
  const [given, size, theme] = [option('home'), option('size') ?? '1280x800', option('theme') ?? 'light']
  const [width, height] = size.split('x').map(Number)
  const [folder, ...names] = words
  if (!folder || !width || !height)
    throw new UserError('a folder for the pictures is needed', { remedy: 'write it behind the command' })
  mkdirSync(folder, { recursive: true })
  const scratch = mkdtempSync(path.join(tmpdir(), 'normlab-pictures-'))
  const home = given ?? path.join(scratch, 'home')
  const source = path.join(scratch, 'my-digits.safetensors')
  try {
    if (!given) RUNS.forEach((words) => normlab(words, home))
    normlab(['datasets', 'export', 'digits', '--out', source], home)
    await withServed(home, async (address) => {
      const browser = await chromium.launch({
        executablePath: findProgram(['chromium', 'chromium-browser', 'google-chrome'])!,
        args: ['--disable-gpu', ...(process.getuid?.() === 0 ? ['--no-sandbox'] : [])],
      })
      try {
        const page = await browser.newPage({ viewport: { width, height }, reducedMotion: 'reduce' })
        await page.emulateMedia({ colorScheme: theme === 'dark' ? 'dark' : 'light' })
        await page.goto(address)
        await page.waitForSelector('nav[aria-label="Places"]')
        for (const picture of PICTURES.filter(({ name }) => names.length === 0 || names.includes(name)))
          await take(page, picture, source, path.join(folder, `${picture.name}.png`))
      } finally {
        await browser.close()
      }
    })
  } finally {
    rmSync(scratch, { recursive: true, force: true })
  }
})

async function take(page: Page, { address, before }: Picture, source: string, file: string): Promise<void> {
  await page.evaluate(`location.hash = ${JSON.stringify(address)}`)
  await page.locator('main .page, main .library').first().waitFor()
  await before?.(page, source)
  // Not by a function in the page, which its security policy refuses as soon as it has to be asked twice.
  await page.locator('.skeleton, [aria-busy=true]').first().waitFor({ state: 'detached' })
  // Charts are drawn some frames after their data.
  await page.waitForTimeout(800)
  await page.screenshot({ path: file })
  await page.keyboard.press('Escape')
}

/** Serves a data folder while its pages are looked at. */
async function withServed(home: string, use: (address: string) => Promise<void>): Promise<void> {
  const server = spawn(process.execPath, [COMMANDS, 'serve', '--json', '--home', home, '--port', '0'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const over = new Promise((resolve) => server.once('exit', resolve))
  try {
    const line = await new Promise<string>((resolve) => createInterface(server.stdout).once('line', resolve))
    await use((JSON.parse(line) as { address: string }).address)
  } finally {
    server.kill('SIGTERM')
    await over
  }
}

function normlab(words: readonly string[], home: string): void {
  const { status, stderr } = spawnSync(process.execPath, [COMMANDS, ...words, '--home', home], { encoding: 'utf8' })
  if (status !== 0) throw new Error(stderr)
}
