import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { type IncomingHttpHeaders, request } from 'node:http'
import { type Socket, connect } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import WebSocket from 'ws'
import { type Handlers, boundary } from '../../../main/lab/boundary'
import { newToken, proofOf } from '../../../main/serve/entrance'
import { keepAddress, keptAddress } from '../../../main/serve/kept-address'
import { type OpenServer, serveLab } from '../../../main/serve/server'
import { socketPort } from '../../../main/serve/socket-port'
import { fileFor } from '../../../main/serve/static-files'
import { UserError } from '../../../shared/errors'
import { LabClient } from '../../../shared/lab-client'

const block = {
  ...{ format: 'normlab/block' as const, version: 1 as const, name: 'mine' },
  node: { id: 'block', kind: 'block' as const, nodes: [{ id: 'relu', kind: 'relu' }] },
}
/** What the lab last took in. */
let taken: { item: number; name: string; text: string } | undefined
const lab = boundary({
  'presets.list': () => [],
  'runs.export': () => ({ path: '/', steps: 0 }),
  'weights.export'({ from, out }) {
    writeFileSync(out, JSON.stringify(from))
    return { path: out, tensors: 1, parameters: 1 }
  },
  'library.show': ({ id }) => ({
    ...{ id, name: 'mine', document: block, createdAt: '', changedAt: '', versions: 0, weights: null },
  }),
  'library.write'({ from, form, out }) {
    writeFileSync(out, JSON.stringify({ from, form }))
    return { path: out, tensors: 1, parameters: 1, beside: null, notes: [] }
  },
  'weights.import'({ item, file }) {
    if (item === 9) throw new UserError('the weights do not fit the network')
    taken = { item, name: path.basename(file), text: readFileSync(file, 'utf8') }
    const weights = { name: taken.name, bytes: 1, hash: '', at: '' }
    return { ...{ id: item, name: 'mine', document: block, createdAt: '', changedAt: '', versions: 0 }, weights }
  },
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
  ;({ port, token } = server)
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
function get(requestPath: string, headers: Record<string, string> = {}, method = 'GET', sent?: string): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const asked = request({ port, host: '127.0.0.1', path: requestPath, headers, method }, (response) => {
      let body = ''
      response.setEncoding('utf8')
      response.on('data', (part: string) => (body += part))
      response.on('end', () => resolve({ status: response.statusCode!, headers: response.headers, body }))
    })
    asked.on('error', reject)
    asked.end(sent)
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
  it('proves to a page that it has the token, for its own port and a word of the page’s alone', async () => {
    const nonce = newToken()
    const prove = (word: string): Promise<Reply> => get('/proof', { 'x-normlab-nonce': word }, 'POST')
    const { proof } = JSON.parse((await prove(nonce)).body) as { proof: string }
    expect(proof).toBe(proofOf(token, nonce, port))
    expect(proof).not.toBe(proofOf(token, nonce, port + 1))
    expect(proof).not.toBe(proofOf(newToken(), nonce, port))
    expect(proof).not.toContain(token)
    expect((await prove('')).status).toBe(400)
    expect((await prove(`${nonce}0`)).status).toBe(400)
    expect((await get('/proof', { 'x-normlab-nonce': nonce, origin: 'http://evil.example' }, 'POST')).status).toBe(403)
  })

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

  it('hands out weights to whoever has the token, under the network’s name', async () => {
    const asked = { network: 'plain:blocks=1' }
    const headers = { 'x-normlab-token': token }
    const { status, headers: told, body } = await get('/files/weights', headers, 'POST', JSON.stringify(asked))
    expect([status, told['content-disposition']]).toEqual([200, 'attachment; filename="plain-blocks-1.safetensors"'])
    expect(JSON.parse(body)).toMatchObject({ ...asked, seed: 1, init: 'he-fan-in' })
    for (const wrong of ['', '{', '{"item":1,"out":"/etc/passwd"}', '{"file":"/etc/passwd"}'])
      expect(await get('/files/weights', headers, 'POST', wrong)).toMatchObject({ status: 400 })
    expect((await get('/files/weights', {}, 'POST', JSON.stringify(asked))).status).toBe(403)
  })

  it('hands out an item’s network in another program’s form', async () => {
    const headers = { 'x-normlab-token': token }
    const { status, headers: told, body } = await get('/files/weights/3.onnx', headers, 'POST')
    expect([status, told['content-disposition']]).toEqual([200, 'attachment; filename="mine.onnx"'])
    expect(JSON.parse(body)).toEqual({ from: { item: 3 }, form: 'onnx' })
    expect((await get('/files/weights/3.exe', headers, 'POST')).status).toBe(404)
    expect((await get('/files/weights/3.onnx', {}, 'POST')).status).toBe(403)
  })

  it('takes weights in for an item, by the file’s own name, whatever the page calls it', async () => {
    const headers = { 'x-normlab-token': token }
    const put = (where: string): Promise<Reply> => get(`/files/weights/${where}`, headers, 'POST', 'bytes')
    expect(await put('3?name=my%20net.safetensors')).toMatchObject({ status: 200, body: '“mine” has the weights of my-net.safetensors now.' }) // prettier-ignore
    expect(taken).toEqual({ item: 3, name: 'my-net.safetensors', text: 'bytes' })
    await put('3?name=..%2f..%2fetc%2fpasswd')
    expect(taken?.name).toBe('etc-passwd.safetensors')
    expect(await put('9')).toMatchObject({ status: 400, body: 'the weights do not fit the network' })
    expect((await put('../3')).status).toBe(404)
    expect((await get('/files/weights/3', {}, 'POST', 'bytes')).status).toBe(403)
  })

  it('takes records of a program that trains elsewhere with the token alone, at one place, and no more at once than they may be', async () => {
    const send = async (
      to: string,
      sent: string,
      from: Record<string, string> = { 'x-normlab-token': token },
    ): Promise<string> => {
      const { status, body } = await get(`/recorded${to}`, from, 'POST', sent)
      return `${status} ${body.trim()}`
    }
    expect(await send('', '{}', {})).toMatch(/^403 /)
    expect(await send('', '{}', { 'x-normlab-token': token, origin: 'http://evil.example' })).toMatch(/^403 /)
    for (const other of ['/../files/1.csv', '/x', `/${'a'.repeat(32)}/1/2`, `/${'a'.repeat(32)}/..%2f1`])
      expect(await send(other, 'bytes'), other).toBe('404 There is no such place for records.')
    expect(await send('', 'no JSON')).toBe('400 what the recorder sent is no JSON')
    expect(await send('', ' '.repeat(32_000_001))).toMatch(/^400 .*the file is too large/)
  })

  it('closes a socket that sends what is no message', async () => {
    const socket = await open(['normlab', token])
    const closed = new Promise((resolve) => socket.on('close', resolve))
    socket.send('{"$f32":"!"}')
    expect(await closed).toBe(1003)
  })

  it('closes a socket whose message is too large, before it has come', async () => {
    const socket = await open(['normlab', token])
    const closed = new Promise((resolve) => socket.on('close', resolve))
    // A text frame's head alone: its length of eight bytes, and the four of its mask.
    const head = Buffer.alloc(14)
    head.set([0x81, 0xff])
    head.writeBigUInt64BE(64_000_001n, 2)
    ;(socket as unknown as { _socket: Socket })._socket.write(head)
    expect(await closed).toBe(1009)
  })

  // On Linux all of 127/8 is this machine, so that one may look from another of its addresses.
  it.skipIf(process.platform !== 'linux')('listens at one address of this machine alone', async () => {
    const answer = await new Promise((resolve) => {
      const socket = connect(port, '127.0.0.2')
      socket.on('connect', () => resolve('open')).on('error', ({ message }) => resolve(message))
    })
    expect(answer).toContain('ECONNREFUSED')
  })

  it('lets a page in by the ticket of its address, once, and tells the next one', async () => {
    const told: string[] = []
    const own = await serveLab({ lab, pages, port: 0, log: () => undefined, onAddress: (address) => told.push(address) })
    const knock = async (address: string, from: Record<string, string> = {}): Promise<number> => {
      const { origin, hash } = new URL(address)
      const headers = { 'x-normlab-ticket': hash.replace('#ticket=', ''), ...from }
      return (await fetch(`${origin}/ticket`, { method: 'POST', headers })).status
    }
    try {
      const { address } = own
      expect(address).not.toContain(own.token)
      // Nobody else's page, nor one that was given no ticket, uses it up.
      expect(await knock(address, { origin: 'http://evil.example' })).toBe(403)
      expect(await knock(address.replace(/=.*/, `=${own.token}`))).toBe(403)
      expect(told).toEqual([])
      expect(await knock(address)).toBe(200)
      expect(await knock(address)).toBe(403)
      expect(told).toEqual([own.address])
      expect(await knock(own.address)).toBe(200)
    } finally {
      await own.close()
    }
  })

  it('tells nobody where it was opened from, and lets it ask for nothing of the machine', async () => {
    const { headers } = await get('/')
    expect(headers['referrer-policy']).toBe('no-referrer')
    expect(headers['permissions-policy']).toContain('camera=()')
    expect(headers['x-frame-options']).toBe('DENY')
    expect(headers['cross-origin-opener-policy']).toBe('same-origin')
    const policy = String(headers['content-security-policy'])
    expect(policy).toMatch(/frame-src 'none'/)
    expect(policy).not.toMatch(/unsafe|\*|https?:/)
  })

  it('says that a port is taken', async () => {
    await expect(serveLab({ lab, pages, port })).rejects.toThrow(
      `port ${port}: another program uses this port; choose another with --port`,
    )
  })
})

describe('who asks too much of the browser mode', () => {
  let strict: OpenServer
  let asked: number
  const large = 'x'.repeat(1_000_000)
  beforeAll(async () => {
    // What it answers is no curve; what matters is how much of it.
    const request = async (name: string): Promise<unknown> => (name === 'runs.curves' ? (asked++, large) : [])
    strict = await serveLab({
      lab: { ...lab, request } as unknown as typeof lab,
      pages,
      port: 0,
      log: () => undefined,
      patienceMs: 200,
    })
  })
  afterAll(() => strict.close())
  const socketTo = (): Promise<WebSocket> =>
    new Promise((resolve, reject) => {
      const socket = new WebSocket(`ws://127.0.0.1:${strict.port}/lab`, ['normlab', strict.token])
      socket.on('open', () => resolve(socket)).on('error', reject)
    })

  it('by opening sockets and sending nothing, or half a request, is shown the door', async () => {
    const sockets = Array.from({ length: 60 }, (_, i) => {
      const socket: Socket = connect(strict.port, '127.0.0.1')
      if (i % 3 === 1) socket.write('GET / HT')
      if (i % 3 === 2)
        socket.write(`GET /lab HTTP/1.1\r\nHost: 127.0.0.1:${strict.port}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n`)
      return new Promise<void>((resolve) =>
        socket
          .on('error', () => undefined)
          .on('close', () => resolve())
          .resume(),
      )
    })
    await Promise.all(sockets)
  })

  it('by opening more silent sockets than there is room for, closes the oldest of them and keeps nobody out', async () => {
    // So patient that only another one's coming closes a socket.
    const patient = await serveLab({ lab, pages, port: 0, log: () => undefined, patienceMs: 600_000 })
    try {
      const sockets = Array.from({ length: 700 }, () =>
        connect(patient.port, '127.0.0.1')
          .on('error', () => undefined)
          .resume(),
      )
      const first = new Promise((resolve) => sockets[0]!.on('close', resolve))
      await Promise.all(sockets.map((socket) => new Promise((resolve) => socket.on('connect', resolve))))
      const page = await new Promise<number>((resolve, reject) => {
        request({ port: patient.port, host: '127.0.0.1', path: '/' }, ({ statusCode }) => resolve(statusCode!))
          .on('error', reject)
          .end()
      })
      await first
      expect(page).toBe(200)
      for (const socket of sockets) socket.destroy()
    } finally {
      await patient.close()
    }
  })

  it('by trying tokens is told to wait, whoever has the right one is let in all the same, and the log says so once', async () => {
    const log: string[] = []
    const tried = await serveLab({ lab, pages, port: 0, log: (text) => log.push(text) })
    const knock = async (word: string): Promise<number> =>
      (await fetch(`http://127.0.0.1:${tried.port}/files/1.gif`, { headers: { 'x-normlab-token': word } })).status
    try {
      const answers: number[] = []
      for (let i = 0; i < 40; i++) answers.push(await knock(newToken()))
      expect(answers).toEqual([...Array<number>(30).fill(403), ...Array<number>(10).fill(429)])
      expect(await knock(tried.token)).toBe(404)
      const socket = new WebSocket(`ws://127.0.0.1:${tried.port}/lab`, ['normlab', newToken()])
      await expect(new Promise((_, reject) => socket.on('error', reject))).rejects.toThrow('429')
      expect(log).toEqual([expect.stringContaining('tries wrong tokens')])
    } finally {
      await tried.close()
    }
  })

  it('without reading the answers waits, and keeps nobody else away', async () => {
    asked = 0
    const greedy = await socketTo()
    ;(greedy as unknown as { _socket: Socket })._socket.pause()
    for (let id = 1; id <= 200; id++) greedy.send(JSON.stringify({ type: 'request', id, name: 'runs.curves', input: { run: 1 } }))
    const other = new LabClient(socketPort(await socketTo()))
    for (let i = 0; i < 50; i++) expect(await other.request('presets.list', {})).toEqual([])
    // Some are on the wire and in the system's buffers.
    expect(asked).toBeLessThan(100)
    ;(greedy as unknown as { _socket: Socket })._socket.resume()
    await new Promise<void>((resolve) => greedy.on('message', () => asked === 200 && resolve()))
    other.close()
    greedy.terminate()
  })
})

describe('the address of the browser mode', () => {
  it('is kept for the user alone, and not believed where others could have read or made it', () => {
    expect(keptAddress(folder)).toBeNull()
    const address = { token: newToken(), port: 4321 }
    keepAddress(folder, address)
    expect(keptAddress(folder)).toEqual(address)
    const file = path.join(folder, 'serve.json')
    expect(statSync(file).mode & 0o777).toBe(0o600)
    chmodSync(file, 0o644)
    expect(keptAddress(folder)).toBeNull()
    keepAddress(folder, address)
    expect(statSync(file).mode & 0o777).toBe(0o600)
    writeFileSync(file, '{"token":"short","port":1}')
    expect(keptAddress(folder)).toBeNull()
  })
})
