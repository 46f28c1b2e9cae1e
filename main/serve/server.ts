import { type IncomingMessage, type Server, type ServerResponse, createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'
import { WebSocketServer } from 'ws'
import type { Lab } from '../../shared/api'
import { UserError } from '../../shared/errors'
import { LAB_SOCKET_PATH, LAB_SUBPROTOCOL, NONCE_HEADER, PROOF_PATH, TICKET_HEADER, TICKET_PATH } from '../../shared/lab-port'
import { connectLab } from '../lab'
import { reasonOfAny } from '../files/reasons'
import { Entrance, type Knock, newToken, proofOf } from './entrance'
import { closeSilent, endDead, PATIENCE_MS } from './patience'
import { exchangeFile, isFileRequest } from './run-files'
import { SECURITY_HEADERS_OF_JSON } from './file-exchange'
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
  /** Where bugs are written, and that somebody tries tokens. */
  readonly log?: (text: string) => void
  /** Hears of the next address, once the last one was used. */
  readonly onAddress?: (address: string) => void
}

export interface OpenServer {
  readonly port: number
  readonly token: string
  /** With a ticket that is good for one time; whoever opens it first may use the lab. Another one once it was used. */
  readonly address: string
  close(): Promise<void>
}

/**
 * Serves the lab's pages on the loopback, and the lab itself over a WebSocket to whoever has the token.
 *
 * Who else could knock: another user of this machine, and any web page in the user's browser. The first lacks the token. The
 * second cannot read ours (same-origin policy), and is refused where its Origin is another, or where it reached us by a name
 * of its own (DNS rebinding shows in Host). A page is opened by a ticket in the address's fragment, which no browser sends anywhere, and takes
 * it for the token; that travels as the WebSocket's second subprotocol or in a header, which no log, history or Referer keeps.
 *
 * @throws UserError where the port is taken.
 */
export async function serveLab(options: ServeOptions): Promise<OpenServer> {
  const { lab, pages, port, log = console.error, token = newToken(), patienceMs = PATIENCE_MS, onAddress } = options
  const entrance = new Entrance(token, log)
  const address = (): string => `http://127.0.0.1:${portOf(server)}/#ticket=${entrance.ticket}`
  const server = createServer((request, response) => {
    if (!isOurs(server, request)) return refuse(response, 403, 'NormLab answers only to its own pages.')
    if (request.url === TICKET_PATH && request.method === 'POST') {
      if (!isLetIn(response, entrance.exchange(headerOf(request, TICKET_HEADER)))) return
      response.writeHead(200, SECURITY_HEADERS_OF_JSON).end(JSON.stringify({ token }))
      onAddress?.(address())
    } else if (request.url === PROOF_PATH && request.method === 'POST') {
      const proof = proofOf(token, headerOf(request, NONCE_HEADER), portOf(server))
      if (proof === undefined) return refuse(response, 400, 'This needs a word to prove it by.')
      response.writeHead(200, SECURITY_HEADERS_OF_JSON).end(JSON.stringify({ proof }))
    } else if (isFileRequest(request)) {
      if (isLetIn(response, entrance.knock(headerOf(request, 'x-normlab-token')))) void exchangeFile(lab, request, response, log)
    } else answer(request, response, pages)
  })
  closeSilent(server, patienceMs)
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: MOST_MESSAGE_BYTES,
    perMessageDeflate: false,
    handleProtocols: () => LAB_SUBPROTOCOL,
  })
  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    const knock = isOurs(server, request) && request.url === LAB_SOCKET_PATH ? entrance.knock(offeredToken(request)) : 'wrong'
    if (knock !== 'in') {
      // Destroyed once it is written: a client that does not close its end would keep the socket.
      const status = knock === 'wrong' ? '403 Forbidden' : '429 Too Many Requests'
      socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`, () => socket.destroy())
      return
    }
    sockets.handleUpgrade(request, socket, head, (opened) => {
      opened.on('error', () => opened.terminate())
      sockets.emit('connection', opened, request)
      connectLab(lab, socketPort(opened), { log })
    })
  })
  await listen(server, port)
  const stopLooking = endDead(sockets)
  return {
    port: portOf(server),
    token,
    get address() {
      return address()
    },
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

function refuse(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { ...SECURITY_HEADERS, 'content-type': 'text/plain; charset=utf-8' }).end(text + '\n')
}

/** Whether somebody is let in; whoever is not is told so. */
function isLetIn(response: ServerResponse, knock: Knock): boolean {
  // What is still coming is not read.
  if (knock !== 'in') response.setHeader('connection', 'close')
  if (knock === 'wrong') refuse(response, 403, 'This needs the token of the lab.')
  if (knock === 'too-often') refuse(response, 429, 'Too many wrong tokens; wait a minute.')
  return knock === 'in'
}

function answer(request: IncomingMessage, response: ServerResponse, pages: string): void {
  if (request.method !== 'GET' && request.method !== 'HEAD') return refuse(response, 405, 'Only GET and HEAD.')
  const file = fileFor(pages, (request.url ?? '/').split('?')[0]!)
  if (file === undefined) return refuse(response, 404, 'There is no such page.')
  sendFile(response, file, request.method === 'HEAD')
}

/** Host must be this loopback address, and Origin, where a browser sends one, our own. */
function isOurs(server: Server, { headers }: IncomingMessage): boolean {
  const hosts = ['127.0.0.1', 'localhost'].map((name) => `${name}:${portOf(server)}`)
  if (headers.host === undefined || !hosts.includes(headers.host)) return false
  return headers.origin === undefined || headers.origin === `http://${headers.host}`
}

/** A header of our own: another site's page cannot send it here without being asked first, and is refused then. */
function headerOf({ headers }: IncomingMessage, name: string): string {
  return String(headers[name] ?? '')
}

/** The token that a page offers for its socket: the second subprotocol. */
function offeredToken({ headers }: IncomingMessage): string {
  const [name, offered = ''] = (headers['sec-websocket-protocol'] ?? '').split(',').map((word) => word.trim())
  return name === LAB_SUBPROTOCOL ? offered : ''
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
