import { createReadStream, createWriteStream, mkdtempSync, rmSync, statSync } from 'node:fs'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { pipeline } from 'node:stream/promises'
import type { Lab } from '../../shared/api'
import { UserError, isUserError } from '../../shared/errors'
import { RUN_FORMATS, type RunFormat, fileName } from '../../shared/run-files'
import { SECURITY_HEADERS } from './static-files'

/** Where runs come and go as files: `GET /files/3.csv`, `POST /files`. Only with the token. */
export const FILES_PATH = '/files'
/** More than any run's bundle. */
const MOST_BYTES = 64e9

/**
 * Answers a request for a run's file, or takes a bundle in. The files lie in a temporary folder meanwhile: neither the path
 * nor the name comes from the page.
 */
export async function exchangeFile(lab: Lab, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const folder = mkdtempSync(path.join(tmpdir(), 'normlab-file-'))
  try {
    if (request.method === 'POST') await takeIn(lab, request, response, folder)
    else await handOut(lab, request, response, folder)
  } catch (error) {
    if (response.headersSent) response.destroy()
    else if (isUserError(error)) tell(response, 400, error.message)
    else tell(response, 500, 'something went wrong inside NormLab')
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

async function handOut(lab: Lab, request: IncomingMessage, response: ServerResponse, folder: string): Promise<void> {
  const match = /^\/files\/(\d{1,9})\.(\w+)$/.exec(request.url ?? '')
  const format = (Object.keys(RUN_FORMATS) as RunFormat[]).find((name) => RUN_FORMATS[name] === match?.[2])
  if (!match || !format) return tell(response, 404, 'There is no such file.')
  const run = Number(match[1])
  const { name } = await lab.request('runs.show', { run })
  const out = path.join(folder, 'run')
  await lab.request('runs.export', { run, out, format })
  response.writeHead(200, {
    ...SECURITY_HEADERS,
    'content-type': 'application/octet-stream',
    'content-length': statSync(out).size,
    'content-disposition': `attachment; filename="${fileName(run, name, format)}"`,
    'cache-control': 'no-store',
  })
  await pipeline(createReadStream(out), response)
}

async function takeIn(lab: Lab, request: IncomingMessage, response: ServerResponse, folder: string): Promise<void> {
  const file = path.join(folder, 'bundle.normlab')
  let bytes = 0
  request.on('data', (chunk: Buffer) => {
    bytes += chunk.length
    if (bytes > MOST_BYTES) request.destroy(new UserError('the file is too large'))
  })
  await pipeline(request, createWriteStream(file))
  const { id, name } = await lab.request('runs.import', { file })
  tell(response, 200, `Taken in: ${name} as run ${id}.`)
}

function tell(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { ...SECURITY_HEADERS, 'content-type': 'text/plain; charset=utf-8' }).end(text)
}
