import { createReadStream, realpathSync, statSync } from 'node:fs'
import type { ServerResponse } from 'node:http'
import path from 'node:path'
import { CONTENT_POLICY, PERMISSIONS_POLICY } from '../window/content-policy'

const contentTypes: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.map': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.txt': 'text/plain; charset=utf-8',
}

/** Only our own files run, load and connect; nothing may frame the page. */
export const SECURITY_HEADERS: Readonly<Record<string, string>> = {
  'content-security-policy': CONTENT_POLICY,
  'permissions-policy': PERMISSIONS_POLICY,
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
}

/**
 * The file of the pages' folder that a request path names; `/` is index.html.
 *
 * @returns undefined for what is not a file inside the folder, also by way of `..`, encoded or not, or of a link.
 */
export function fileFor(folder: string, requestPath: string): string | undefined {
  let decoded: string
  try {
    decoded = decodeURIComponent(requestPath)
  } catch {
    return undefined
  }
  if (decoded.includes('\0') || decoded.includes('\\') || decoded.split('/').includes('..')) return undefined
  const file = path.join(folder, decoded === '/' ? 'index.html' : decoded)
  try {
    const real = realpathSync(file)
    return real.startsWith(realpathSync(folder) + path.sep) && statSync(real).isFile() ? real : undefined
  } catch {
    return undefined
  }
}

/** Sends a file. @param headOnly For HEAD. */
export function sendFile(response: ServerResponse, file: string, headOnly: boolean): void {
  response.writeHead(200, {
    ...SECURITY_HEADERS,
    'content-type': contentTypes[path.extname(file)] ?? 'application/octet-stream',
    'content-length': statSync(file).size,
    'cache-control': 'no-cache',
  })
  if (headOnly) response.end()
  else
    createReadStream(file)
      .on('error', () => response.destroy())
      .pipe(response)
}
