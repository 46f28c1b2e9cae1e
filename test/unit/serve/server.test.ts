import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { type IncomingHttpHeaders, request } from 'node:http'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import WebSocket from 'ws'
import { type Handlers, boundary } from '../../../main/lab/boundary'
import { type OpenServer, serveLab } from '../../../main/serve/server'
import { socketPort } from '../../../main/serve/socket-port'
import { fileFor } from '../../../main/serve/static-files'
import { LabClient } from '../../../shared/lab-client'

const lab = boundary({
  'presets.list': () => [],
  'runs.export': () => ({ path: '/', steps: 0 }),
} as Partial<Handlers> as Handlers)
let folder: string
let pages: string
let server: OpenServer
let port: number
let token: string

beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'normlab-pages-'))
  pages = path.join(folder, 'pages')
  mkdirSync(path.join(pages, 'assets'), { recursive: true })
  writeFileSync(path.join(pages, 'index.html'), '<!doctype html>')
  writeFileSync(path.join(pages, 'assets/a b.js'), 'let x')
  writeFileSync(path.join(folder, 'secret.txt'), 'secret')
  symlinkSync(path.join(folder, 'secret.txt'), path.join(pages, 'link.txt'))
  server = await serveLab({ lab, pages, port: 0, log: () => undefined })
  const address = new URL(server.address)
  port = Number(address.port)
  token = address.hash.replace('#token=', '')
})
afterAll(async () => {
  await server.close()
  rmSync(folder, { recursive: true })
})

interface Reply {
  status: number
  headers: IncomingHttpHeaders
  body: string
}
function get(requestPath: string, headers: Record<string, string> = {}, method = 'GET'): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const asked = request({ port, host: '127.0.0.1', path: requestPath, headers, method }, (response) => {
      let body = ''
      response.setEncoding('utf8')
      response.on('data', (part: string) => (body += part))
      response.on('end', () => resolve({ status: response.statusCode!, headers: response.headers, body }))
    })
    asked.on('error', reject)
    asked.end()
  })
}

function open(protocols: string[], headers: Record<string, string> = {}, socketPath = '/lab'): Promise<WebSocket> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(`ws://127.0.0.1:${port}${socketPath}`, protocols, { headers })
    socket.on('open', () => resolve(socket))
    socket.on('error', reject)
  })
}

describe('the browser mode', () => {
  it('serves its pages on the loopback, under a strict policy', async () => {
    const { status, headers, body } = await get('/')
    expect([status, body, headers['content-type']]).toEqual([200, '<!doctype html>', 'text/html; charset=utf-8'])
    expect(headers['content-security-policy']).toMatch(/default-src 'none'; script-src 'self';/)
    expect(headers['x-content-type-options']).toBe('nosniff')
    expect((await get('/assets/a%20b.js?v=1')).body).toBe('let x')
    expect(await get('/index.html', {}, 'HEAD')).toMatchObject({ status: 200, body: '' })
    expect((await get('/', {}, 'POST')).status).toBe(405)
  })

  it.each([
    '/../secret.txt',
    '/assets/../../secret.txt',
    '/%2e%2e/secret.txt',
    '/..%2fsecret.txt',
    '/..%5csecret.txt',
    '/link.txt',
    '/%00',
    '/%',
    '/assets',
    '//etc/passwd',
    '/nothing',
  ])('gives no file for %s', async (requestPath) => {
    expect((await get(requestPath)).status).toBe(404)
    expect(fileFor(pages, requestPath)).toBeUndefined()
  })

  it('answers to no other name than the loopback’s, and to no other page', async () => {
    expect((await get('/', { host: `evil.example:${port}` })).status).toBe(403)
    expect((await get('/', { host: '127.0.0.1' })).status).toBe(403)
    expect((await get('/', { origin: 'http://evil.example' })).status).toBe(403)
    expect((await get('/', { host: `localhost:${port}`, origin: `http://localhost:${port}` })).status).toBe(200)
  })

  it('opens the lab to whoever has the token, and to nobody else', async () => {
    const client = new LabClient(socketPort(await open(['normlab', token])))
    expect(await client.request('presets.list', {})).toEqual([])
    await expect(client.request('runs.export', { run: 1, out: '/tmp/x', format: 'csv' })).rejects.toThrow('is not open to pages')
    client.close()
    for (const protocols of [['normlab'], ['normlab', 'f'.repeat(64)], ['normlab', token.slice(1)], [token], [token, 'normlab']])
      await expect(open(protocols)).rejects.toThrow('403')
    await expect(open(['normlab', token], { origin: 'http://evil.example' })).rejects.toThrow('403')
    await expect(open(['normlab', token], { host: 'evil.example' })).rejects.toThrow('403')
    await expect(open(['normlab', token], {}, '/other')).rejects.toThrow('403')
  })

  it('closes a socket that sends what is no message', async () => {
    const socket = await open(['normlab', token])
    const closed = new Promise((resolve) => socket.on('close', resolve))
    socket.send('{"$f32":"!"}')
    expect(await closed).toBe(1003)
  })

  it('says that a port is taken', async () => {
    await expect(serveLab({ lab, pages, port })).rejects.toThrow(
      `port ${port}: another program uses this port; choose another with --port`,
    )
  })
})
