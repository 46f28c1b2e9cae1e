import { createHash } from 'node:crypto'
import { createReadStream, rmSync, statSync } from 'node:fs'
import path from 'node:path'
import { UserError } from '../../../shared/errors'
import { clauseOf, isSystemError, reasonOf } from '../../files/reasons'
import type { TensorflowKind } from '../../resources'
import { takenOf, UNPACKED_BYTES } from './contents'
import { type PackedWheel, readPackHead, wrongPack } from './format'
import { type EngineWork, makeEngine } from './make-engine'
import { fetchWheel } from './package-index'
import { type Unzipped, unzip, unzippedBytes } from './unzip'
import { type Wheel, wheelsOf } from './wheels'

export interface PackSources extends EngineWork {
  /** The wheels that are trusted, by kind; NormLab's own list where it is not said. */
  readonly known?: (kind: TensorflowKind) => readonly Wheel[]
}

/**
 * Installs an engine from a pack. All of it is held against its hashes before anything of it is unpacked.
 *
 * @returns its kind.
 * @throws UserError where the file is no whole pack for this NormLab and machine, there is no room, or TensorFlow does not load from it.
 */
export async function installPack(home: string, file: string, options: PackSources = {}): Promise<TensorflowKind> {
  const { known = wheelsOf, signal, tell } = options
  const { head, wheels } = await opened(file, async () => readPackHead(file, sizeOf(file), known))
  await opened(file, () => checkWheels(file, wheels, options))
  const places = wheels.map(({ wheel, start }) => ({ zip: { file, start, length: wheel.bytes }, taken: takenOf(wheel) }))
  const total = (await Promise.all(places.map(({ zip, taken }) => unzippedBytes(zip, taken)))).reduce((a, b) => a + b, 0)
  let done = 0
  const onBytes = (bytes: number): void => tell?.('unpacking', (done += bytes), total)
  await makeEngine(home, head.kind, total * 1.02, (folder) => unzipAll(places, folder, { signal, onBytes }), options)
  return head.kind
}

function sizeOf(file: string): number {
  const found = statSync(file)
  if (!found.isFile()) throw wrongPack(file, 'this is no file', 'name the file that `normlab engine pack` wrote')
  return found.size
}

async function opened<T>(file: string, read: () => Promise<T>): Promise<T> {
  try {
    return await read()
  } catch (error) {
    if (!isSystemError(error)) throw error
    throw new UserError(`the engine pack cannot be read: ${reasonOf(error)}`, { place: file })
  }
}

async function checkWheels(file: string, wheels: readonly PackedWheel[], { signal, tell }: PackSources): Promise<void> {
  const total = wheels.reduce((sum, { wheel }) => sum + wheel.bytes, 0)
  let done = 0
  for (const { wheel, start } of wheels) {
    const hash = createHash('sha256')
    const source = createReadStream(file, { start, end: start + wheel.bytes - 1, highWaterMark: 1 << 20 })
    for await (const piece of source as AsyncIterable<Buffer>) {
      signal?.throwIfAborted()
      hash.update(piece)
      tell?.('verifying', (done += piece.length), total)
    }
    if (hash.digest('hex') !== wheel.sha256)
      throw wrongPack(file, `${wheel.project} in it is damaged, or not what it says, and nothing of it is used`, 'copy it again, or make it anew: `normlab engine pack`') // prettier-ignore
  }
}

async function unzipAll(
  places: readonly { readonly zip: Parameters<typeof unzip>[0]; readonly taken: ReturnType<typeof takenOf> }[],
  folder: string,
  options: Parameters<typeof unzip>[3],
): Promise<Unzipped[]> {
  const written: Unzipped[] = []
  for (const { zip, taken } of places) written.push(...(await unzip(zip, folder, taken, options)))
  return written
}

export interface FetchSources extends PackSources {
  /** The package index; NORMLAB_PACKAGE_INDEX, else PyPI's, where it is not said. */
  readonly index?: string
}

/** @throws UserError where there is no such engine for this machine. */
export function offeredWheels(
  kind: TensorflowKind,
  known: (kind: TensorflowKind) => readonly Wheel[] = wheelsOf,
): readonly Wheel[] {
  // prettier-ignore
  const wheels = process.platform === 'linux' ? known(kind) : []
  if (wheels.length > 0) return wheels
  throw new UserError(`there is no ${kind.toUpperCase()} engine for ${process.platform} on ${process.arch}`, {
    remedy: 'use Linux on 64-bit x86 for a GPU (WSL 2 on Windows)',
  })
}

/** Fetches an engine's wheels from the package index and installs it; each wheel goes as soon as it is unpacked. */
export async function fetchEngine(home: string, kind: TensorflowKind, options: FetchSources = {}): Promise<void> {
  const { signal, tell, index } = options
  const wheels = offeredWheels(kind, options.known)
  const total = wheels.reduce((sum, { bytes }) => sum + bytes, 0)
  const largest = Math.max(...wheels.map(({ bytes }) => bytes))
  const needed = options.known ? total + largest : UNPACKED_BYTES[kind] + largest
  let done = 0
  const onBytes = (bytes: number): void => tell?.('fetching', (done += bytes), total)
  const fill = async (folder: string): Promise<Unzipped[]> => {
    const written: Unzipped[] = []
    for (const wheel of wheels) {
      const file = path.join(folder, 'wheel')
      await fetchWheel(wheel, file, { ...(index !== undefined && { index }), signal, onBytes })
      try {
        written.push(...(await unzip(file, folder, takenOf(wheel), { signal })))
      } catch (error) {
        if (isSystemError(error) || signal?.aborted) throw error
        throw new UserError(`it cannot be unpacked (${clauseOf(error)})`, { place: wheel.project })
      }
      rmSync(file)
    }
    return written
  }
  await makeEngine(home, kind, needed, fill, options)
}
