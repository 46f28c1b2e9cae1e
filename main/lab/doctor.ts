import { accessSync, constants, readFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { statfs } from 'node:fs/promises'
import path from 'node:path'
import type { Check } from '../../shared/api'
import { isUserError } from '../../shared/errors'
import { type ChosenEngine, KINDS, chosenEngine, installedEngine } from '../engine/packs/installed'
import type { EngineSupervisor } from '../engine/supervisor'
import { electronExecutable, electronFolder } from '../resources'
import { STORE_VERSION } from '../store/schema'
import type { Store } from '../store/store'
import { selfTestCheck } from './self-test'
import { electronWords, NORMLAB_VERSION } from './version'

/** Below this the doctor warns: a long run of a deep network writes some gigabytes. */
const LITTLE_SPACE_BYTES = 2e9

/**
 * What NormLab stands on, and what is missing, with the line that mends it.
 *
 * @param runStore Tells of the run store; what it throws for the user is what is missing.
 * @param hostPath The bundled `engine/host.js`, in the checkout or the installed app, where Electron may lie.
 */
export async function examine(
  home: string,
  runStore: () => Check,
  supervisor: EngineSupervisor,
  hostPath: string,
): Promise<Check[]> {
  return [
    { name: 'NormLab', ok: true, detail: NORMLAB_VERSION },
    { name: 'Node', ok: true, detail: `${process.versions.node} (${process.platform} ${process.arch})` },
    ...(await tensorflow(supervisor)),
    engineCheck(home),
    electron(path.resolve(path.dirname(hostPath), '../../..')),
    await folder(home),
    orProblem('Run store', runStore),
    selfTestCheck(home),
  ]
}

export function storeCheck(store: Store): Check {
  return { name: 'Run store', ok: true, detail: `version ${STORE_VERSION}, runs: ${store.runs.all().length}, ${store.file}` }
}

function orProblem(name: string, check: () => Check): Check {
  try {
    return check()
  } catch (error) {
    if (!isUserError(error)) throw error
    const { place, remedy } = error.options
    return {
      name,
      ok: false,
      detail: place === undefined ? error.problem : `${place}: ${error.problem}`,
      ...(remedy && { remedy }),
    }
  }
}

/** Asked in the engine's process: a TensorFlow that crashes while it loads takes only that along. */
async function tensorflow(supervisor: EngineSupervisor): Promise<Check[]> {
  const threads: Check = {
    name: 'Processor',
    ok: true,
    detail: `${cpus().length} threads, ${cpus()[0]?.model.trim() || 'unknown model'}`,
  }
  try {
    const { tensorflow, devices } = await supervisor.ask('describe', {})
    return [
      { name: 'TensorFlow', ok: true, detail: tensorflow },
      { name: 'Devices', ok: devices.length > 0, detail: devices.join(', ') || 'none' },
      threads,
    ]
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error)
    return [
      { name: 'TensorFlow', ok: false, detail, remedy: 'run `npm run prepare-lab` in the checkout, or install NormLab again' },
      threads,
    ]
  }
}

const ENGINES: Readonly<Record<ChosenEngine['used'], string>> = {
  inside: 'the one inside NormLab',
  named: 'named by NORMLAB_TENSORFLOW',
  cpu: 'the installed one for the CPU',
  gpu: 'the installed one for a GPU',
}

/** Which TensorFlow is used, and whether one that was installed is damaged. */
function engineCheck(home: string): Check {
  const { used, why } = chosenEngine(home)
  const broken = KINDS.map((kind) => installedEngine(home, kind)).find((engine) => engine && engine.problem !== null)
  const name = 'Engine'
  if (!broken) return { name, ok: true, detail: `${ENGINES[used]}: ${why}` }
  const { kind, problem } = broken
  return {
    ...{ name, ok: false, optional: true },
    detail: `${ENGINES[used]}; of the installed one for the ${kind.toUpperCase()}: ${problem}`,
    remedy: `normlab engine remove --device ${kind}, then install it again`,
  }
}

/** The version of the Electron that the command line is packed with, or undefined in a checkout. @param root Its program: `resources/command-line`. */
function packedElectron(root: string): string | undefined {
  const app = path.resolve(root, '../..')
  return path.resolve(path.dirname(process.execPath)) === app ? versionIn(app) : undefined
}

/** The version of the Electron in a folder, which each has in a file; undefined where it has none. */
function versionIn(folder: string): string | undefined {
  try {
    return readFileSync(path.join(folder, 'version'), 'utf8').trim()
  } catch {
    return undefined
  }
}

function electron(root: string): Check {
  const { electron: running, chrome } = process.versions
  if (running) return { name: 'Electron', ok: true, detail: electronWords(running, chrome) }
  const packed = packedElectron(root)
  if (packed !== undefined) return { name: 'Electron', ok: true, detail: electronWords(packed) }
  const found = electronFolder(root)
  const executable = found && electronExecutable(found)
  const version = executable && versionIn(path.dirname(executable))
  if (executable)
    return { name: 'Electron', ok: true, detail: version ? `${electronWords(version)}, in ${executable}` : executable }
  return {
    name: 'Electron',
    ok: false,
    optional: true,
    detail: 'not found; the browser mode works without it',
    remedy: 'run `npm run prepare-lab` in the checkout, or set ELECTRON_OVERRIDE_DIST_PATH',
  }
}

async function folder(home: string): Promise<Check> {
  try {
    accessSync(home, constants.W_OK)
    // Node 16 (Electron 22) has no statfs; there the space is not told.
    const free = typeof statfs === 'function' ? await statfs(home).then(({ bavail, bsize }) => bavail * bsize) : undefined
    const space = free === undefined ? '' : `, ${(free / 1e9).toFixed(1)} GB free`
    if (free !== undefined && free < LITTLE_SPACE_BYTES)
      return {
        name: 'Data folder',
        ok: false,
        detail: `${home}${space}`,
        remedy: 'free some space, or choose another with --home',
      }
    return { name: 'Data folder', ok: true, detail: `${home}${space}` }
  } catch {
    return {
      name: 'Data folder',
      ok: false,
      detail: `${home} is not writable`,
      remedy: 'give yourself write permission, or choose another with --home',
    }
  }
}
