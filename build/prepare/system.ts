import { UserError } from '../../shared/errors'
import { installPackages, mayInstall } from './apt'
import { CommandMissing, findProgram, run } from './command'

/** Names that Chromium goes by. */
const CHROMIUM = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']

/** Debian's packages: a display in memory, a browser, what Electron links to, and a font for the pictures. */
const PACKAGES = [
  'xvfb',
  'chromium',
  'libgtk-3-0',
  'libnss3',
  'libgbm1',
  'libxss1',
  'libxtst6',
  'fontconfig',
  'fonts-dejavu-core',
]
/** One library changed its package's name in 2024; the first that exists is taken. */
const SOUND = ['libasound2t64', 'libasound2']

/**
 * Makes sure that the system has what the tests of the app need: Xvfb, Chromium, and Electron's libraries. Installs them where we
 * are root on a Debian or Ubuntu.
 * @param electron Electron's executable.
 * @throws UserError that names the line to run, where we may not install.
 */
export async function prepareSystem(electron: string): Promise<void> {
  if (process.platform !== 'linux') return
  const missing = await missingParts(electron)
  if (missing.length === 0) return
  const sound = (await Promise.all(SOUND.map(async (name) => ((await isPackage(name)) ? name : undefined)))).find(Boolean)
  const packages = [...PACKAGES, ...(sound ? [sound] : [])]
  if (!mayInstall()) {
    const line = `apt-get update && apt-get install -y --no-install-recommends ${packages.join(' ')}`
    throw new UserError(`the tests of the app need ${missing.join(', ')}`, { remedy: `run as root: ${line}` })
  }
  await installPackages(packages, 'the tests of the app')
  const still = await missingParts(electron)
  if (still.length > 0)
    throw new UserError(`the tests of the app need ${still.join(', ')}, which apt-get did not bring`, {
      remedy: 'install them by hand',
    })
}

/** Chromium's program, or undefined where there is none. */
export function findChromium(): string | undefined {
  return findProgram(CHROMIUM)
}

async function missingParts(electron: string): Promise<string[]> {
  const missing: string[] = []
  if (!findProgram(['Xvfb'])) missing.push('Xvfb')
  if (!findChromium()) missing.push('Chromium')
  const { stdout } = await run('ldd', [electron])
  for (const [, library] of stdout.matchAll(/^\s*(\S+) => not found/gm)) missing.push(library!)
  return missing
}

async function isPackage(name: string): Promise<boolean> {
  try {
    const { stdout } = await run('apt-cache', ['policy', name])
    return /Candidate: (?!\(none\))/.test(stdout)
  } catch (error) {
    if (error instanceof CommandMissing) return false
    throw error
  }
}
