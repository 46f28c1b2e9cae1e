import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { protocol } from 'electron'
import { APP_SCHEME } from './address'
import { CONTENT_POLICY, PERMISSIONS_POLICY } from './content-policy'
import { fileOf } from './page-files'

const TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.map': 'application/json; charset=utf-8',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
}

/** Tells Chromium about app:// before it starts; call it before the app is ready. */
export function announceAppScheme(): void {
  protocol.registerSchemesAsPrivileged([
    { scheme: APP_SCHEME, privileges: { standard: true, secure: true, supportFetchAPI: true } },
  ])
}

/**
 * Serves the pages' folder at app://lab/, and nothing else.
 *
 * @param folder Absolute; the bundled pages.
 */
export function serveApp(folder: string): void {
  // `protocol.handle` came with Electron 25; this one is in all that we support.
  protocol.registerBufferProtocol(APP_SCHEME, (request, callback) => {
    void pageFile(folder, request.url).then(callback)
  })
}

interface Answer {
  readonly statusCode: number
  readonly mimeType: string
  readonly data: Buffer
  readonly headers: Record<string, string>
}

async function pageFile(folder: string, address: string): Promise<Answer> {
  const file = fileOf(folder, address)
  const type = file && TYPES[path.extname(file)]
  if (!file || !type) return answer(404, 'text/plain; charset=utf-8', Buffer.from('not found'))
  try {
    return answer(200, type, await readFile(file))
  } catch {
    return answer(404, 'text/plain; charset=utf-8', Buffer.from('not found'))
  }
}

function answer(statusCode: number, mimeType: string, data: Buffer): Answer {
  return {
    statusCode,
    mimeType: mimeType.split(';')[0]!,
    data,
    headers: {
      'Content-Type': mimeType,
      'Content-Security-Policy': CONTENT_POLICY,
      'Permissions-Policy': PERMISSIONS_POLICY,
      'X-Content-Type-Options': 'nosniff',
      'Referrer-Policy': 'no-referrer',
      'Cache-Control': 'no-cache',
    },
  }
}
