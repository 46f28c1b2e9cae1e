import { timingSafeEqual } from 'node:crypto'
import { type IncomingMessage, type Server, type ServerResponse, createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'
import { WebSocketServer } from 'ws'
import type { Lab } from '../../shared/api'
import { UserError } from '../../shared/errors'
import { LAB_SOCKET_PATH, LAB_SUBPROTOCOL } from '../../shared/lab-port'
import { connectLab } from '../lab'
import { reasonOfAny } from '../files/reasons'
import { newToken } from './kept-address'
import { closeSilent, endDead, PATIENCE_MS } from './patience'
import { exchangeFile, isFileRequest } from './run-files'
import { SECURITY_HEADERS, fileFor, sendFile } from './static-files'
import { socketPort } from './socket-port'

/** The largest message that a page sends: a network document. */
const MOST_MESSAGE_BYTES = 64e6

export interface ServeOptions {
  readonly lab: Lab
  /** The built pages, `out/renderer`. */
  readonly pages: string
  /** 0 takes a free one. */
  readonly port: number
  /** One of its own where absent. */
  readonly token?: string
  /** How long a connection may take to say what it wants, milliseconds. */
  readonly patienceMs?: number
  /** Where bugs are written. */
  readonly log?: (text: string) => void
}

export interface OpenServer {
  readonly port: number
  readonly token: string
  /** With the token; whoever has it may use the lab. */
  readonly address: string
  close(): Promise<void>
}

/**
 * Serves the lab's pages on the loopback, and the lab itself over a WebSocket to whoever has the token.
 *
 * Who else could knock: another user of this machine, and any web page in the user's browser. The first lacks the token. The
 * second cannot read ours (same-origin policy), and is refused where its Origin is another, or where it reached us by a name
 * of its own (DNS rebinding shows in Host). The token travels in the address's fragment, which no browser sends anywhere, and
 * then as the WebSocket's second subprotocol, which no log keeps.
 *
 * @throws UserError where the port is taken.
 */
export async function serveLab(options: ServeOptions): Promise<OpenServer> {
  const { lab, pages, port, log, token = newToken(), patienceMs = PATIENCE_MS } = options
  const server = createServer((request, response) => {
    if (isFileRequest(request) && isOurs(server, request) && hasFileToken(request, token))
      void exchangeFile(lab, request, response, log ?? console.error)
    else answer(request, response, pages, isOurs(server, request))
  })
  closeSilent(server, patienceMs)
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: MOST_MESSAGE_BYTES,
    perMessageDeflate: false,
    handleProtocols: () => LAB_SUBPROTOCOL,
  })
  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    if (!isOurs(server, request) || request.url !== LAB_SOCKET_PATH || !hasToken(request, token)) {
      // Destroyed once it is written: a client that does not close its end would keep the socket.
      socket.end('HTTP/1.1 403 Forbidden\r\nConnection: close\r\nContent-Length: 0\r\n\r\n', () => socket.destroy())
      return
    }
    sockets.handleUpgrade(request, socket, head, (opened) => {
      opened.on('error', () => opened.terminate())
      sockets.emit('connection', opened, request)
      connectLab(lab, socketPort(opened), log ? { log } : {})
    })
  })
  await listen(server, port)
  const stopLooking = endDead(sockets)
  return {
    port: portOf(server),
    token,
    address: `http://127.0.0.1:${portOf(server)}/#token=${token}`,
    async close() {
      stopLooking()
      for (const socket of sockets.clients) socket.terminate()
      await new Promise((resolve) => {
        server.close(resolve)
        // Node 18.2 and later; a browser keeps its connections open.
        ;(server as Partial<Pick<Server, 'closeAllConnections'>>).closeAllConnections?.()
      })
    },
  }
}

function answer(request: IncomingMessage, response: ServerResponse, pages: string, ours: boolean): void {
  const refuse = (status: number, text: string): void => {
    response.writeHead(status, { ...SECURITY_HEADERS, 'content-type': 'text/plain; charset=utf-8' }).end(text + '\n')
  }
  if (!ours) return refuse(403, 'NormLab answers only to its own pages.')
  if (request.method !== 'GET' && request.method !== 'HEAD') return refuse(405, 'Only GET and HEAD.')
  const file = fileFor(pages, (request.url ?? '/').split('?')[0]!)
  if (file === undefined) return refuse(404, 'There is no such page.')
  sendFile(response, file, request.method === 'HEAD')
}

/** Host must be this loopback address, and Origin, where a browser sends one, our own. */
function isOurs(server: Server, { headers }: IncomingMessage): boolean {
  const hosts = ['127.0.0.1', 'localhost'].map((name) => `${name}:${portOf(server)}`)
  if (headers.host === undefined || !hosts.includes(headers.host)) return false
  return headers.origin === undefined || headers.origin === `http://${headers.host}`
}

/** A header that no other site's page can send here without being asked first, and is refused then. */
function hasFileToken({ headers }: IncomingMessage, token: string): boolean {
  return isSame(String(headers['x-normlab-token'] ?? ''), token)
}

/** The second subprotocol is the token. */
function hasToken({ headers }: IncomingMessage, token: string): boolean {
  const [name, offered = ''] = (headers['sec-websocket-protocol'] ?? '').split(',').map((word) => word.trim())
  return name === LAB_SUBPROTOCOL && isSame(offered, token)
}

/** Compared in constant time. */
function isSame(offered: string, token: string): boolean {
  const [given, wanted] = [Buffer.from(offered), Buffer.from(token)]
  return given.length === wanted.length && timingSafeEqual(given, wanted)
}

function portOf(server: Server): number {
  return (server.address() as AddressInfo | null)?.port ?? 0
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const problem = error.code === 'EADDRINUSE' ? 'another program uses this port' : `cannot listen here: ${reasonOfAny(error)}`
      reject(new UserError(problem, { place: `port ${port}`, remedy: 'choose another with --port, or leave it out' }))
    })
    server.listen(port, '127.0.0.1', resolve)
  })
}
