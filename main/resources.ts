import { accessSync, constants, existsSync, readdirSync } from 'node:fs'
import { homedir } from 'node:os'
import path from 'node:path'
import { UserError } from '../shared/errors'

/**
 * Where the big parts that are not in the source tree are found at run time: TensorFlow with its binding, and Electron.
 * `build/prepare` puts them into the cache under the names given here; a packaged app carries its TensorFlow along.
 */

/** The TensorFlow that the engine is written for and checked against. */
export const TENSORFLOW_VERSION = '2.21.0'

/**
 * Fingerprint of the patches and flags that the binding is built with (`build/prepare/binding.ts` computes it, and a test
 * holds the two together). It is part of the folder's name, so that a checkout never loads a binding of another making.
 */
export const BINDING_FINGERPRINT = 'c0bcb84e'

/** What a TensorFlow is built for. */
export type TensorflowKind = 'cpu' | 'gpu'

/** The folder of everything that is made once and kept outside node_modules. */
export function cacheFolder(): string {
  const { NORMLAB_CACHE, XDG_CACHE_HOME } = process.env
  if (NORMLAB_CACHE) return path.resolve(NORMLAB_CACHE)
  if (XDG_CACHE_HOME && path.isAbsolute(XDG_CACHE_HOME)) return path.join(XDG_CACHE_HOME, 'normlab')
  return path.join(homedir(), '.cache', 'normlab')
}

/** Name of TensorFlow's folder in the cache. */
export function tensorflowFolderName(kind: TensorflowKind): string {
  return `tensorflow-${TENSORFLOW_VERSION}-${kind}-${BINDING_FINGERPRINT}`
}

/** True where the kernel shows an NVIDIA device (a container may have only a later one), or Windows lends its own to WSL. */
export function hasNvidiaDevice(): boolean {
  if (process.platform !== 'linux') return false
  return readdirSync('/dev').some((name) => /^nvidia\d+$/.test(name)) || existsSync('/usr/lib/wsl/lib/libcuda.so.1')
}

/**
 * Which TensorFlow to use: NORMLAB_DEVICE (`cpu` or `gpu`) where it is set, else the one for the hardware.
 * @throws UserError where NORMLAB_DEVICE is something else.
 */
export function wantedTensorflow(): TensorflowKind {
  const asked = process.env['NORMLAB_DEVICE']
  // On 64-bit ARM there is no TensorFlow wheel for a GPU.
  if (!asked) return process.arch === 'x64' && hasNvidiaDevice() ? 'gpu' : 'cpu'
  if (asked === 'cpu' || asked === 'gpu') return asked
  throw new UserError(`"${asked}" is not a device`, { place: 'NORMLAB_DEVICE', remedy: 'use cpu or gpu' })
}

/**
 * The folder that holds `tfjs_binding.node` and TensorFlow's libraries (`lib/`): NORMLAB_TENSORFLOW, else the packaged
 * app's own, else the one that `build/prepare` made in the cache.
 * @throws UserError where there is none.
 */
export function tensorflowFolder(): string {
  const named = process.env['NORMLAB_TENSORFLOW']
  if (named) {
    if (hasBinding(named)) return path.resolve(named)
    throw new UserError(`there is no tfjs_binding.node in ${path.resolve(named)}`, {
      place: 'NORMLAB_TENSORFLOW',
      remedy: 'name the folder that holds it, or leave the variable unset',
    })
  }
  const packaged = packagedFolder('tensorflow')
  if (packaged && hasBinding(packaged)) return packaged
  const wanted = path.join(cacheFolder(), tensorflowFolderName(wantedTensorflow()))
  if (hasBinding(wanted)) return wanted
  throw new UserError(`TensorFlow is not prepared (nothing in ${wanted})`, {
    remedy: 'run `npm start` or `npm run prepare-lab`',
  })
}

/** A folder of the packaged app's resources, or undefined in a checkout. Electron as plain Node (the command line) has them too. */
export function packagedFolder(name: string): string | undefined {
  const { resourcesPath } = process as { resourcesPath?: string }
  const candidates = [resourcesPath, path.join(path.dirname(process.execPath), 'resources')]
  return candidates.flatMap((resources) => (resources ? [path.join(resources, name)] : [])).find((folder) => existsSync(folder))
}

/** Name in the cache of the Electron that comes from the package index, where Electron's own downloads are out of reach. */
export const ELECTRON_FOLDER_NAME = 'electron-22.3.25-linux-x64-1'

/**
 * The folder of Electron's distribution (the one with its executable): ELECTRON_OVERRIDE_DIST_PATH, else the npm package's,
 * else the cache's; undefined where there is none.
 * @param root The checkout.
 */
export function electronFolder(root: string): string | undefined {
  const folders = [
    process.env['ELECTRON_OVERRIDE_DIST_PATH'],
    path.join(root, 'node_modules/electron/dist'),
    path.join(cacheFolder(), ELECTRON_FOLDER_NAME),
  ]
  return folders.find((folder) => folder && electronExecutable(folder))
}

/** Electron's executable in a distribution folder, or undefined where there is none that may be run. */
export function electronExecutable(folder: string): string | undefined {
  const name = { darwin: 'Electron.app/Contents/MacOS/Electron', win32: 'electron.exe' }[process.platform as string] ?? 'electron'
  const file = path.join(folder, name)
  try {
    accessSync(file, constants.X_OK)
    return file
  } catch {
    return undefined
  }
}

function hasBinding(folder: string): boolean {
  return existsSync(path.join(folder, 'tfjs_binding.node'))
}
