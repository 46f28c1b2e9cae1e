import { createHash } from 'node:crypto'
import nodeFs from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'
import { z } from 'zod'
import { packagedFolder } from '../resources'

/** Lies in the resources of a packaged app: every other file of it with its size and hash, written when the package was made. */
export const SHIPPED_LIST = 'files.json'

const ShippedList = z.object({
  files: z.array(z.object({ name: z.string(), bytes: z.number(), sha256: z.string() })),
})

export interface ShippedFound {
  readonly files: number
  readonly bytes: number
  /** Names of those that are missing or not as they were shipped. */
  readonly damaged: readonly string[]
}

/** Electron's own `fs` takes archives for folders. */
function plainFs(): typeof nodeFs {
  return process.versions['electron'] ? (createRequire(__filename)('original-fs') as typeof nodeFs) : nodeFs
}

/** Bytes that `checkShipped` reads. */
export async function shippedBytes(list = packagedFolder(SHIPPED_LIST)): Promise<number> {
  const parsed = list === undefined ? undefined : ShippedList.safeParse(await readJson(list))
  return parsed?.success ? parsed.data.files.reduce((sum, { bytes }) => sum + bytes, 0) : 0
}

/**
 * Reads the installed app through, gigabyte a second; undefined in a checkout, which has no list.
 *
 * @param work.onBytes Hears of each piece that was read.
 */
export async function checkShipped(
  list = packagedFolder(SHIPPED_LIST),
  { signal, onBytes }: { signal?: AbortSignal; onBytes?: (bytes: number) => void } = {},
): Promise<ShippedFound | undefined> {
  if (list === undefined) return undefined
  const fs = plainFs()
  const parsed = ShippedList.safeParse(await readJson(list))
  if (!parsed.success) return { files: 0, bytes: 0, damaged: [`resources/${SHIPPED_LIST}`] }
  const app = path.resolve(path.dirname(list), '..')
  const damaged: string[] = []
  let bytes = 0
  for (const file of parsed.data.files) {
    signal?.throwIfAborted()
    bytes += file.bytes
    const hash = createHash('sha256')
    try {
      const source = fs.createReadStream(path.join(app, file.name), { highWaterMark: 1 << 20 })
      for await (const piece of source as AsyncIterable<Buffer>) {
        if (signal?.aborted) break
        hash.update(piece)
        onBytes?.(piece.length)
      }
      if (hash.digest('hex') !== file.sha256) damaged.push(file.name)
    } catch {
      damaged.push(file.name)
    }
  }
  return { files: parsed.data.files.length, bytes, damaged }
}

async function readJson(file: string): Promise<unknown> {
  try {
    return JSON.parse(await nodeFs.promises.readFile(file, 'utf8'))
  } catch {
    return undefined
  }
}
