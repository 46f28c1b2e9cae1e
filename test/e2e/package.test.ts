import { execFile, execFileSync, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  chmodSync,
  linkSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import { FuseV1Options, getCurrentFuseWire } from '@electron/fuses'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { startPackagedApp } from '../../build/bench/packaged-app'
import { EXECUTABLE } from '../../build/package/electron-builder'
import { apparmorProfile } from '../../build/package/apparmor'
import { lockedElectron } from '../../build/package/electron-version'
import { preparedRuntime, RUNTIME_VERSION } from '../../build/prepare/appimage-runtime'
import { findProgram } from '../../build/prepare/command'
import { startRun, waitForState } from './app-driver'
import { makeCleanRoot, noCleanRoot } from './clean-root'

const root = path.resolve(__dirname, '../..')
const place = mkdtempSync(path.join(tmpdir(), 'normlab-package-'))
/** A name that quoting, decoding and percent signs stumble over. */
const AWKWARD = 'Nörm Läb (1) 100%'
const app = path.join(place, AWKWARD)
const executable = path.join(app, EXECUTABLE)
/** Whoever is not root. */
const USER = 1000

let deb = ''
let tarball = ''
/** Empty where the system cannot make one. */
let [rpm, image] = ['', '']

/** Nothing of the checkout, of npm or of Node is within reach, nor a display. */
const bareEnvironment = { HOME: path.join(place, 'home', AWKWARD), PATH: '/usr/bin:/bin', LANG: 'C.UTF-8' }

beforeAll(() => {
  const tsx = path.join(root, 'node_modules/tsx/dist/cli.mjs')
  const forms = ['dir', 'tar.gz', 'deb']
  if (findProgram(['rpmbuild'])) forms.push('rpm')
  if (findProgram(['mksquashfs']) && preparedRuntime() !== undefined) forms.push('appimage')
  const options = [path.join(place, 'made'), '--only', forms.join(','), '--compression', 'none', '--electron-as-found']
  const said = execFileSync(process.execPath, [tsx, path.join(root, 'build/package/index.ts'), ...options], {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 1 << 26,
    // electron-builder says less where it finds itself in a test; this is what a user gets.
    env: { ...process.env, VITEST: undefined },
  })
  const made = said.trim().split('\n')
  const of = (form: string): string => made[forms.indexOf(form)] ?? ''
  renameSync(of('dir'), app)
  ;[deb, tarball, rpm, image] = [of('deb'), of('tar.gz'), of('rpm'), of('appimage')]
  chmodSync(place, 0o755)
  mkdirSync(bareEnvironment.HOME, { recursive: true })
}, 600_000)
afterAll(() => rmSync(place, { recursive: true, force: true }))

const TRAIN = ['train', 'proc-resnet:blocks=1,planes=4/8/16', '--data', 'digits', '--steps', '3', '--batch', '8', '--json']

/** What `train --json` printed. */
function toldBy(stdout: string): { steps: number[]; state: string | undefined } {
  const lines = stdout.trim().split('\n')
  const told = lines.map((line) => JSON.parse(line) as { step?: number; loss?: number; summary?: { state: string } })
  const steps = told.filter(({ step, loss }) => step !== undefined && Number.isFinite(loss)).map(({ step }) => step!)
  return { steps, state: told.at(-1)?.summary?.state }
}

it('has its fuses set', async () => {
  const wire = await getCurrentFuseWire(executable)
  const state = (fuse: FuseV1Options): string => String.fromCharCode(wire[fuse]!)
  expect({
    runAsNode: state(FuseV1Options.RunAsNode),
    nodeOptions: state(FuseV1Options.EnableNodeOptionsEnvironmentVariable),
    inspect: state(FuseV1Options.EnableNodeCliInspectArguments),
    integrity: state(FuseV1Options.EnableEmbeddedAsarIntegrityValidation),
    onlyAsar: state(FuseV1Options.OnlyLoadAppFromAsar),
  }).toEqual({ runAsNode: '0', nodeOptions: '0', inspect: '0', integrity: '1', onlyAsar: '1' })
})

it('trains from its command line without a display, moved elsewhere and called by a link', async () => {
  const command = path.join(place, 'normlab')
  symlinkSync(path.join(app, 'normlab'), command)
  const { stdout, stderr } = await promisify(execFile)(command, TRAIN, { env: bareEnvironment, cwd: place })
  expect(toldBy(stdout)).toEqual({ steps: [1, 2, 3], state: 'done' })
  expect(stderr).not.toMatch(/error|warning/i)
  const wrong = spawnSync(command, ['train', 'no-such-network'], { env: bareEnvironment, encoding: 'utf8' })
  expect(wrong.status).toBe(2)
})

it('says which Electron it runs on, and that it is not the one that NormLab is made for', async () => {
  const { stdout } = await promisify(execFile)(path.join(app, 'normlab'), ['doctor'], { env: bareEnvironment })
  const packed = readFileSync(path.join(app, 'version'), 'utf8').trim()
  const locked = await lockedElectron(root)
  const words =
    packed === locked ? packed : `${packed}; NormLab is made for ${locked}, and an older one gets no repairs of its security`
  expect(stdout).toContain(`Electron: ${words}\n`)
})

it('runs no script of others, whatever the environment says', () => {
  const script = path.join(place, 'script.js')
  writeFileSync(script, `require('fs').writeFileSync(${JSON.stringify(path.join(place, 'was-run'))}, '')`)
  for (const variables of [{ ELECTRON_RUN_AS_NODE: '1' }, { NODE_OPTIONS: `--require=${script}` }]) {
    // Without a display it says so and ends.
    spawnSync(executable, ['--no-sandbox', script], { env: { ...bareEnvironment, ...variables }, timeout: 20_000 })
  }
  expect(existsSync(path.join(place, 'was-run'))).toBe(false)
})

it('ships every part’s name and licence', () => {
  const resources = path.join(app, 'resources')
  const bill = JSON.parse(readFileSync(path.join(resources, 'bill-of-materials.cdx.json'), 'utf8')) as {
    components: { name: string; version: string }[]
  }
  const names = bill.components.map(({ name }) => name)
  // Of the package vue nothing is left in the bundle: it hands on what its parts are.
  expect(names).toEqual(
    expect.arrayContaining(['electron', 'tensorflow', 'libsql', '@vue/runtime-dom', 'echarts', 'zod', 'yauzl']),
  )
  const text = readFileSync(path.join(resources, 'third-party-licences.txt'), 'utf8')
  for (const name of names.slice(3)) expect(text).toContain(`\n${name} `)
  for (const file of ['LICENSES.chromium.html', 'resources/tensorflow/licences/LICENSE', 'resources/LICENSE'])
    expect(existsSync(path.join(app, file))).toBe(true)
})

it('can be installed where its Depends say: they are met on every promised system, and its sandbox has its helper', () => {
  const field = (name: string): string => execFileSync('dpkg-deb', ['-f', deb, name], { encoding: 'utf8' }).trim()
  const depends = field('Depends').split(', ')
  expect(depends).toEqual(expect.arrayContaining(['libgtk-3-0t64 | libgtk-3-0', 'libasound2t64 | libasound2', 'libc6 (>= 2.35)']))
  const listing = execFileSync('dpkg-deb', ['-c', deb], { encoding: 'utf8', maxBuffer: 1 << 26 })
  expect(listing).toMatch(/^-rwsr-xr-x root\/root .*\/opt\/NormLab\/chrome-sandbox$/m)
  expect(listing).toMatch(/\.\/usr\/bin\/normlab -> \/opt\/NormLab\/normlab$/m)
  for (const file of ['applications/normlab.desktop', 'mime/packages/normlab.xml', 'icons/hicolor/256x256/apps/normlab.png'])
    expect(listing).toContain(`./usr/share/${file}`)
})

/** What a folder's files hold, in order of their names. */
function contentOf(folder: string): string[] {
  const entries = readdirSync(folder, { withFileTypes: true, recursive: true })
  const files = entries.filter((entry) => entry.isFile()).map((entry) => path.join(entry.parentPath, entry.name))
  return files.sort().map((file) => `${file} ${createHash('sha256').update(readFileSync(file)).digest('hex')}`)
}

/** The renderer's process is in Chromium's sandbox: a system call filter, and a user namespace or a root of its own. */
function isSandboxed(pids: readonly number[]): boolean {
  const renderers = pids.filter((pid) => readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('--type=renderer'))
  const args = renderers.map((pid) => readFileSync(`/proc/${pid}/cmdline`, 'utf8'))
  const modes = renderers.map((pid) => /^Seccomp:\s+(\d)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1])
  return renderers.length > 0 && modes.every((mode) => mode === '2') && !args.some((words) => words.includes('--no-sandbox'))
}

const display = process.env['DISPLAY'] ?? ''

const BECOME = ['setpriv', `--reuid=${USER}`, `--regid=${USER}`, '--clear-groups']

/** What the command line's self-test says for an ordinary user: that all files are as they were shipped, the engine computes, the pages are there. */
function selfTestBy(command: string, home: string, first: readonly string[] = []): string[] {
  const words = [...BECOME.slice(1), command, ...first, 'doctor', '--self-test', '--json']
  const said = execFileSync(BECOME[0]!, words, { env: { ...bareEnvironment, HOME: home }, encoding: 'utf8' })
  const lines = said.trim().split('\n')
  return lines.map((line) => JSON.parse(line) as { name: string; ok: boolean }).map(({ name, ok }) => `${name} ${ok}`)
}
const ALL_RIGHT = ['Files true', 'Engine true', 'Run store true', 'Pages true']

/** A place of an ordinary user's own, with a name that is hard to handle. */
function userHome(name: string): string {
  const home = path.join(place, name, AWKWARD)
  mkdirSync(home, { recursive: true })
  execFileSync('chown', ['-R', `${USER}:${USER}`, path.join(place, name)])
  return home
}

it('runs from its tar.gz, which an ordinary user unpacked: the command line, and the window with its sandbox on', async (context) => {
  if (process.getuid?.() !== 0) return context.skip('only root may become an ordinary user')
  const home = userHome('tar')
  execFileSync(BECOME[0]!, [...BECOME.slice(1), 'tar', 'xzf', tarball], { cwd: home })
  const [folder] = readdirSync(home)
  expect(selfTestBy(path.join(home, folder!, 'normlab'), home)).toEqual(ALL_RIGHT)
  const opened = await startPackagedApp([...BECOME, path.join(home, folder!, EXECUTABLE)], {
    env: { ...bareEnvironment, HOME: home, DISPLAY: display },
    cwd: home,
  })
  expect(await opened.page.title()).toContain('NormLab')
  expect(isSandboxed(opened.pids())).toBe(true)
  expect(await opened.quit()).toBe(0)
  rmSync(path.join(place, 'tar'), { recursive: true })
})

it('runs from its AppImage, which an ordinary user unpacked as there is no FUSE, and says what its runtime is', (context) => {
  if (image === '' || process.getuid?.() !== 0) return context.skip('this takes mksquashfs, a runtime, and root')
  const home = userHome('image')
  execFileSync(BECOME[0]!, [...BECOME.slice(1), image, '--appimage-extract'], { cwd: home, stdio: 'ignore' })
  const unpacked = path.join(home, 'squashfs-root')
  expect(selfTestBy(path.join(unpacked, 'AppRun'), home, ['--cli'])).toEqual(ALL_RIGHT)
  const bill = readFileSync(path.join(unpacked, 'bill-of-materials.cdx.json'), 'utf8')
  expect(bill).toContain(`pkg:github/AppImage/AppImageKit@${RUNTIME_VERSION}`)
  expect(readFileSync(path.join(unpacked, 'third-party-licences.txt'), 'utf8')).toContain(RUNTIME_VERSION)
  rmSync(path.join(place, 'image'), { recursive: true })
})

it('runs from its RPM, installed in a root of its own, and leaves a user’s data when it goes', (context) => {
  if (rpm === '' || process.getuid?.() !== 0) return context.skip('this takes rpmbuild, and root')
  const [folder, home] = [path.join(place, 'rpm'), userHome('rpm-user')]
  mkdirSync(folder)
  const said = (...words: string[]): string =>
    execFileSync('rpm', ['--root', folder, ...words], { encoding: 'utf8', stdio: 'pipe' })
  // What it requires is the system's.
  said('-i', '--nodeps', rpm)
  expect(said('-V', '--nodeps', 'normlab')).toBe('')
  for (const name of ['normlab', EXECUTABLE])
    expect(readlinkSync(path.join(folder, 'usr/bin', name))).toBe(`/opt/NormLab/${name}`)
  expect(statSync(path.join(folder, 'opt/NormLab/chrome-sandbox')).mode & 0o7777).toBe(0o4755)
  expect(selfTestBy(path.join(folder, 'opt/NormLab/normlab'), home)).toEqual(ALL_RIGHT)
  const before = contentOf(home)
  expect(before).not.toEqual([])
  said('-e', 'normlab')
  const left = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => /normlab/i.test(name))
  expect(left).toEqual([])
  expect(contentOf(home)).toEqual(before)
  rmSync(folder, { recursive: true })
})

it('has an AppArmor profile that its parser takes', (context) => {
  const parser = findProgram(['apparmor_parser'])
  if (!parser) return context.skip('apparmor_parser is not here')
  const version = Number(/version (\d+)/.exec(execFileSync(parser, ['--version'], { encoding: 'utf8' }))![1])
  const profile = apparmorProfile(`/opt/NormLab/${EXECUTABLE}`)
  // Older ones know neither the rule nor the set of rules that it is from; of the rest they judge.
  const known = version >= 4 ? profile : profile.replace('abi/4.0', 'abi/3.0').replace(/^\s*userns,$/m, '')
  const parse = (text: string): number | null =>
    spawnSync(parser, ['--skip-kernel-load', '--skip-cache'], { input: text, encoding: 'utf8' }).status
  expect(parse(known)).toBe(0)
  expect(parse(known.replace('{', ''))).not.toBe(0)
})

// Packages come from Debian's archive, at whatever pace.
it(
  'is installed on a clean Debian, trains for an ordinary user, finds the run again, and leaves the data when it goes',
  { timeout: 900_000 },
  async (context) => {
    const reason = noCleanRoot()
    if (reason) return context.skip(reason)
    const clean = makeCleanRoot(path.join(place, 'clean'))
    if (!clean) return context.skip('Debian’s archive cannot be reached')
    linkSync(deb, path.join(clean.folder, 'normlab.deb'))
    clean.run(['apt-get', 'install', '-y', '--no-install-recommends', '/normlab.deb'])
    const home = `/home/${AWKWARD}`
    const homeHere = path.join(clean.folder, home)
    mkdirSync(homeHere, { recursive: true })
    execFileSync('chown', [`${USER}:${USER}`, homeHere])
    const open = () =>
      startPackagedApp(clean.command([`/usr/bin/${EXECUTABLE}`], USER, { HOME: home, DISPLAY: display }), { env: process.env })

    let opened = await open()
    expect(isSandboxed(opened.pids())).toBe(true)
    await startRun(opened.page, { epochs: 1, train: 32 })
    await waitForState(opened.page, 'Done')
    expect(await opened.quit()).toBe(0)

    opened = await open()
    await shownAsDone(opened.page)
    expect(await opened.quit()).toBe(0)

    // The command line has the same runs, and needs no display.
    const [program, ...args] = clean.command(['normlab', 'runs', 'list', '--json'], USER, { HOME: home })
    expect(JSON.parse(execFileSync(program!, args, { encoding: 'utf8' }))).toMatchObject({ id: 1, state: 'done' })

    const before = contentOf(homeHere)
    clean.run(['dpkg', '--purge', 'normlab'])
    expect(existsSync(path.join(clean.folder, 'opt/NormLab'))).toBe(false)
    expect(existsSync(path.join(clean.folder, 'usr/bin/normlab'))).toBe(false)
    expect(contentOf(homeHere)).toEqual(before)
    expect(before.some((line) => line.includes('.local/share/normlab/'))).toBe(true)
  },
)

async function shownAsDone(page: Page): Promise<void> {
  await page.getByRole('link', { name: /^proc-resnet/ }).click()
  await waitForState(page, 'Done')
}
