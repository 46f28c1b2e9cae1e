import { createReadStream, rmSync, statSync } from 'node:fs'
import { mkdtemp, open } from 'node:fs/promises'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { pipeline } from 'node:stream/promises'
import { UserError, isUserError } from '../../shared/errors'
import { isSystemError } from '../files/reasons'
import { notWritten } from '../files/write-file'
import { SECURITY_HEADERS } from './static-files'

/** What files that come and go over HTTP share. They lie in a temporary folder meanwhile: the page never names a path. */

/** Answers with the help of a temporary folder; whatever goes wrong is answered in a sentence. */
export async function inTemporaryFolder(
  response: ServerResponse,
  log: (text: string) => void,
  work: (folder: string) => Promise<void>,
): Promise<void> {
  let folder: string | undefined
  try {
    folder = await attempt(mkdtemp(path.join(tmpdir(), 'normlab-file-')))
    await work(folder)
  } catch (error) {
    const told = folder !== undefined && isUserError(error) ? placed(error, folder, null) : error
    if (!isUserError(told)) log(told instanceof Error ? (told.stack ?? told.message) : String(told))
    if (response.headersSent) response.destroy()
    else if (isUserError(told)) tell(response, 400, told.message)
    else tell(response, 500, 'something went wrong inside NormLab; its log says more')
  } finally {
    if (folder !== undefined) rmSync(folder, { recursive: true, force: true })
  }
}

/**
 * Has the lab write a file that is to go out. What keeps it from that is told of the folder of temporary files, where room can be made: the
 * file itself nobody has heard of.
 */
export async function writeOut<T>(folder: string, write: Promise<T>): Promise<T> {
  try {
    return await write
  } catch (error) {
    throw isUserError(error) ? placed(error, folder, `${tmpdir()}: `) : error
  }
}

/** An error of a file in that folder, with other words for where; the engine's errors have lost all but their sentence. */
function placed(error: UserError, folder: string, where: string | null): UserError {
  if (!error.message.startsWith(folder + path.sep)) return error
  const name = error.message.slice(folder.length + 1)
  return new UserError(where === null ? name : where + name.slice(name.indexOf(': ') + 2))
}

/**
 * Writes a request's body to a file. One that cannot be taken is read to its end all the same, for whoever sends it listens only then.
 *
 * @throws UserError where it is larger than allowed, or the system does not let us write it.
 */
export async function receive(request: IncomingMessage, file: string, mostBytes: number): Promise<void> {
  const target = await attempt(open(file, 'wx'))
  try {
    let bytes = 0
    for await (const chunk of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
      bytes += chunk.length
      if (bytes > mostBytes) throw new UserError('the file is too large')
      await attempt(target.writeFile(chunk))
    }
  } finally {
    request.resume()
    await attempt(target.close())
  }
}

/** The system's refusal of a temporary file as a sentence. */
export async function attempt<T>(work: Promise<T>): Promise<T> {
  try {
    return await work
  } catch (error) {
    throw isSystemError(error) ? notWritten(tmpdir(), error) : error
  }
}

/** Sends a file for the browser's downloads. @param name One that every file system takes. */
export async function sendFile(response: ServerResponse, file: string, name: string): Promise<void> {
  response.writeHead(200, {
    ...SECURITY_HEADERS,
    'content-type': 'application/octet-stream',
    'content-length': statSync(file).size,
    'content-disposition': `attachment; filename="${name}"`,
    'cache-control': 'no-store',
  })
  await pipeline(createReadStream(file), response)
}

export const SECURITY_HEADERS_OF_JSON = {
  ...SECURITY_HEADERS,
  'content-type': 'application/json; charset=utf-8',
  'cache-control': 'no-store',
}

export function tell(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { ...SECURITY_HEADERS, 'content-type': 'text/plain; charset=utf-8' }).end(text)
}
