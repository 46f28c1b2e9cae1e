import { createReadStream, createWriteStream, mkdtempSync, rmSync, statSync } from 'node:fs'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { pipeline } from 'node:stream/promises'
import { UserError, isUserError } from '../../shared/errors'
import { SECURITY_HEADERS } from './static-files'

/** What files that come and go over HTTP share. They lie in a temporary folder meanwhile: the page never names a path. */

/** Answers with the help of a temporary folder; whatever goes wrong is answered in a sentence. */
export async function inTemporaryFolder(
  response: ServerResponse,
  log: (text: string) => void,
  work: (folder: string) => Promise<void>,
): Promise<void> {
  const folder = mkdtempSync(path.join(tmpdir(), 'normlab-file-'))
  try {
    await work(folder)
  } catch (error) {
    if (!isUserError(error)) log(error instanceof Error ? (error.stack ?? error.message) : String(error))
    if (response.headersSent) response.destroy()
    else if (isUserError(error)) tell(response, 400, error.message)
    else tell(response, 500, 'something went wrong inside NormLab; its log says more')
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Writes a request's body to a file. @throws UserError where it is larger than allowed. */
export async function receive(request: IncomingMessage, file: string, mostBytes: number): Promise<void> {
  let bytes = 0
  request.on('data', (chunk: Buffer) => {
    bytes += chunk.length
    if (bytes > mostBytes) request.destroy(new UserError('the file is too large'))
  })
  await pipeline(request, createWriteStream(file))
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

export function tell(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { ...SECURITY_HEADERS, 'content-type': 'text/plain; charset=utf-8' }).end(text)
}
