import { createReadStream, renameSync, rmSync } from 'node:fs'
import { open } from 'node:fs/promises'
import path from 'node:path'
import { makeAsideFolder } from '../../files/aside-folder'
import { isSystemError } from '../../files/reasons'
import { requireSpace } from '../../files/space'
import { notWritten } from '../../files/write-file'
import type { TensorflowKind } from '../../resources'
import { headOf, headText } from './format'
import { type FetchSources, offeredWheels } from './install'
import { fetchWheel } from './package-index'

/**
 * Fetches an engine's wheels and writes them into one file, from which a machine without a network installs it.
 *
 * @param program NormLab's version.
 * @throws UserError where the index cannot be reached or the file not be written; nothing is left behind then.
 */
export async function writePack(
  file: string,
  kind: TensorflowKind,
  program: string,
  { signal, tell, index, known }: FetchSources = {},
): Promise<{ path: string; bytes: number }> {
  const target = path.resolve(file)
  const wheels = offeredWheels(kind, known)
  let folder: string | undefined
  const total = wheels.reduce((sum, { bytes }) => sum + bytes, 0)
  let done = 0
  try {
    folder = makeAsideFolder(target)
    const [aside, fetched] = [path.join(folder, 'pack'), path.join(folder, 'wheel')]
    const needed = total + Math.max(...wheels.map(({ bytes }) => bytes))
    await requireSpace(folder, needed, { place: target, remedy: 'make room there, or write it to another disk' })
    const out = await open(aside, 'wx', 0o644)
    try {
      await out.writeFile(headText(headOf(kind, wheels, program)))
      for (const wheel of wheels) {
        const onBytes = (bytes: number): void => tell?.('fetching', (done += bytes), total)
        await fetchWheel(wheel, fetched, { ...(index !== undefined && { index }), signal, onBytes })
        for await (const piece of createReadStream(fetched, { highWaterMark: 1 << 20 }) as AsyncIterable<Buffer>)
          await out.writeFile(piece)
        rmSync(fetched)
      }
      await out.sync()
    } finally {
      await out.close()
    }
    signal?.throwIfAborted()
    renameSync(aside, target)
    return { path: target, bytes: total }
  } catch (error) {
    throw isSystemError(error) && !signal?.aborted ? notWritten(target, error) : error
  } finally {
    if (folder !== undefined) rmSync(folder, { recursive: true, force: true })
  }
}
